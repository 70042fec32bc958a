"""Vault: clues about staff, and who gave them, apart from everything else."""
