"""双交办双督促: one matter is handed to a department and to its supervisor at once, each with an account of its own."""
