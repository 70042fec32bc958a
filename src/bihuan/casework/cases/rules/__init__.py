"""Pure decisions about a case, on plain values: no database, no clock, no settings."""
