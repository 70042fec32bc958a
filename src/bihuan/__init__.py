"""Bihuan (闭环): close the loop on problems that enterprises raise with government."""
