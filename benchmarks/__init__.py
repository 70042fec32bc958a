"""What the product costs beside the same work in raw SQL, measured in one run on one PostgreSQL. See README.md."""
