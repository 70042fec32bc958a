"""Delivery: the ways in. Portal pages, REST, command line."""
