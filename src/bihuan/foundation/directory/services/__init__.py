"""All writing to the directory: `directory.services.create_department(…)`.

Every service takes `actor_id` (a person, or `directory.permissions.OPERATOR`) and `now`, and works in one transaction.
"""

from .boards import close_board, create_board, update_board
from .departments import close_department, create_department, merge_department, update_department
from .enterprises import Details, add_enterprise, ensure_enterprise, import_enterprises, update_enterprise
from .regions import import_regions, load_packaged_regions

__all__ = [
    "Details",
    "add_enterprise",
    "close_board",
    "close_department",
    "create_board",
    "create_department",
    "ensure_enterprise",
    "import_enterprises",
    "import_regions",
    "load_packaged_regions",
    "merge_department",
    "update_board",
    "update_department",
    "update_enterprise",
]
