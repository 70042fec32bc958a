"""A PostgreSQL of one's own: started, joined and stopped without an administrator. See README.md.

Knows neither Django nor anything of Bihuan but the names of one role and one database.
"""

from bihuan.foundation.postgres.problems import PostgresProblem
from bihuan.foundation.postgres.server import Status, ensure, status, stop

__all__ = ["PostgresProblem", "Status", "ensure", "status", "stop"]
