"""What goes in and out of the API about cases: shapes for people and programs to read, and plain dicts for speed."""
