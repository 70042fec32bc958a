"""What the services of the accounts share."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import selectors
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.accounts.permissions import Reader
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import errors


def lock_person(person_id: uuid.UUID) -> Person:
    """Lock a person's row. Raises errors.NotFound (`person_unknown`)."""
    found = Person.objects.select_for_update().filter(pk=person_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such person."), code="person_unknown")
    return found


def acting(actor_id: uuid.UUID) -> Reader | None:
    """Return the actor as a Reader; None for the operator, who is nobody in the table."""
    return None if actor_id == OPERATOR else selectors.reader_of(actor_id)


def changes_accounts() -> None:
    """Forget remembered readers, now for this transaction and again once others can see the change."""
    selectors.forget()
    transaction.on_commit(selectors.forget)
