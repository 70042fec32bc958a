"""What intake does beyond raising one matter (`cases.services.raise_case`)."""

from .importing import Import, RowError, import_file
from .links import Link, issue_link, read_link
from .speaking import judge, speak, submit

__all__ = ["Import", "Link", "RowError", "import_file", "issue_link", "judge", "read_link", "speak", "submit"]
