"""What questionnaires decide, on plain values."""
