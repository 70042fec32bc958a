"""Bearer tokens for programs: shown once, kept as a digest, with an end, revocable at once."""

import datetime as dt
import secrets
import uuid

from django.utils.translation import gettext as _

from bihuan.foundation.accounts import permissions, rules, selectors
from bihuan.foundation.accounts.models import ApiToken
from bihuan.foundation.accounts.services._common import acting, changes_accounts, lock_person
from bihuan.foundation.accounts.services.record import record
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.text import clean_line


def issue_token(
    *,
    person_id: uuid.UUID,
    name: str,
    now: dt.datetime,
    expires_at: dt.datetime | None = None,
    actor_id: uuid.UUID | None = None,
) -> str:
    """Issue a token with all the rights of the person and return its plain text, which is nowhere kept.

    Only people themselves (the default) or the operator can do this. Raises errors.Invalid (`name_invalid`,
    `period_invalid`), errors.Conflict (`person_disabled`), errors.NotFound, errors.Forbidden.
    """
    actor_id = actor_id or person_id
    name = clean_line(name)
    if not 1 <= len(name) <= 60:
        raise errors.Invalid(_("A name has 1 to 60 characters."), code="name_invalid", field="name")
    if expires_at is not None and expires_at <= now:
        raise errors.Invalid(_("The end lies in the past."), code="period_invalid", field="expires_at")
    plaintext = rules.TOKEN_PREFIX + secrets.token_urlsafe(rules.TOKEN_BYTES)
    with writing():
        person = lock_person(person_id)
        if actor_id not in (person_id, OPERATOR):
            raise errors.Forbidden(_("People issue tokens for themselves only."))
        if person.disabled_at is not None:
            raise errors.Conflict(_("%(name)s is disabled.") % {"name": person.display_name}, code="person_disabled")
        token = ApiToken.objects.create(
            person=person,
            name=name,
            prefix=plaintext[:8],
            digest=rules.token_digest(plaintext),
            created_at=now,
            expires_at=expires_at,
        )
        record("token_issued", now=now, person_id=person_id, actor_id=actor_id, token=str(token.pk), name=name)
    return plaintext


def revoke_token(*, token_id: uuid.UUID, actor_id: uuid.UUID, now: dt.datetime) -> None:
    """Make a token useless: here at once, in other processes within five seconds. Idempotent.

    One's own, or a security administrator another's. Raises errors.NotFound (`token_unknown`), errors.Forbidden.
    """
    with writing():
        token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
        if token is None:
            raise errors.NotFound(_("There is no such token."), code="token_unknown")
        if actor_id != token.person_id:
            permissions.check_secure(acting(actor_id), actor_id, target=selectors.reader_of(token.person_id))
        if token.revoked_at is None:
            token.revoked_at = now
            token.save(update_fields=["revoked_at"])
            changes_accounts()
            record("token_revoked", now=now, person_id=token.person_id, actor_id=actor_id, token=str(token.pk))
