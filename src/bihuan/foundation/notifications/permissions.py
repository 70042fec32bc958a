"""Who may be told about events by webhook: whoever could see the same matters on screen."""

import uuid

from django.utils.translation import gettext as _

from bihuan.foundation.accounts.permissions import Reader
from bihuan.foundation.accounts.roles import REGION_WIDE
from bihuan.foundation.kernel import errors
from bihuan.foundation.rulebooks.rules import NATIONAL


def can_receive(reader: Reader, *, region: str, enterprise_id: uuid.UUID | None) -> bool:
    """Tell whether the person may receive events: an enterprise's own, or all of a region where they see every case."""
    if enterprise_id is not None and any(grant.enterprise_id == enterprise_id for grant in reader.grants):
        return True
    return region != NATIONAL and region[:6] in reader.regions_for(REGION_WIDE)


def check_receive(reader: Reader, *, region: str, enterprise_id: uuid.UUID | None) -> None:
    """Raise Forbidden unless the person may receive these events."""
    if not can_receive(reader, region=region, enterprise_id=enterprise_id):
        raise errors.Forbidden(_("You can only subscribe to events of matters that you may see."))
