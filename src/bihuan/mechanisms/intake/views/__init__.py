"""Pages of intake: raising, following, the desk, printed codes."""
