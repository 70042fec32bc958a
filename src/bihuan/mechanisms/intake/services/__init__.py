"""What intake does beyond raising one matter (`cases.services.raise_case`)."""

from .importing import Import, RowError, import_file

__all__ = ["Import", "RowError", "import_file"]
