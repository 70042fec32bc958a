"""Who opens the pages of dispatch; each sees there only what belongs to matters they may see anyway."""

from bihuan.foundation.accounts.roles import Role

READERS = sorted(
    {
        Role.COORDINATOR,
        Role.CATCH_ALL,
        Role.BOARD_HEAD,
        Role.LEADER,
        Role.SUPERVISION_OFFICE,
        Role.LIAISON,
        Role.DEPARTMENT_HEAD,
    }
)
"""Those who dispatch and rule, those above them, and the departments whose own returns are counted."""
