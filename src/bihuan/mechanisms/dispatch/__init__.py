"""Dispatch (研判、派单): proposes what a matter is and who should have it, and learns from what people decide."""
