"""The case: one matter that an enterprise raised, and the one loop it goes round."""
