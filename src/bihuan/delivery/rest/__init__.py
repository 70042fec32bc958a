"""The REST API: one door for all operations, and the operations that belong to no context above foundation."""
