"""晾晒: figures of departments, boards and regions, compared fairly, published and frozen (E3–E5, T7)."""
