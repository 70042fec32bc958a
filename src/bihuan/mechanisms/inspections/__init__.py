"""涉企检查: who may check whom, when, for what, and what came of it (I1–I5)."""
