"""Who reads the figures: those who lead, coordinate and supervise; each counts what they may see (DOMAIN §7)."""

from bihuan.foundation.accounts.roles import Role

READERS = sorted(
    {Role.LEADER, Role.COORDINATOR, Role.CATCH_ALL, Role.SUPERVISION_OFFICE, Role.DISCIPLINE, Role.JUSTICE_SUPERVISOR}
)
