"""监督 (Z3, T5): what a light sets going beyond the case itself, and who answers for it."""
