"""What developers and CI run around the code; nothing here is part of the installed product."""
