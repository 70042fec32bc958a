"""What is learnt from cases and kept: institutions, proposals, and what came of them."""
