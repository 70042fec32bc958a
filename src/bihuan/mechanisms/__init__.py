"""Mechanisms: the table of contents of the policy. Each folder has the same shape; peers never import each other."""
