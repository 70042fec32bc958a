"""What counts, how it is compared, and what moved it. Pure."""
