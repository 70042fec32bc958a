"""One enterprise, for staff and for those who speak for it."""

from django.utils.translation import gettext as _

from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import errors

from .. import permissions
from ..permissions import Actor


def firm(*, uscc: str, actor: Actor) -> Enterprise:
    """Return an enterprise by its credit code. Raises NotFound for anybody but staff and its own people."""
    found = directory.enterprise(directory_rules.normalize_uscc(uscc))
    roles = actor.reader.roles if actor.reader else frozenset()
    own = found is not None and str(found.id) in {str(one) for one in actor.scope().enterprises}
    if found is None or not (roles & permissions.STAFF_ROLES or own):
        raise errors.NotFound(_("No enterprise has this credit code."), code="enterprise_not_found")
    return found
