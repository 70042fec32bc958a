"""Persons: created, corrected, disabled, enabled; their passwords and second factors. They are never deleted."""

import datetime as dt
import secrets
import uuid

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import events, permissions, rules, selectors
from bihuan.foundation.accounts.models import ApiToken, Person
from bihuan.foundation.accounts.services._common import acting, changes_accounts, lock_person
from bihuan.foundation.accounts.services.record import record
from bihuan.foundation.directory.rules import sort_key
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.events import publish
from bihuan.foundation.kernel.text import clean_line

SEEN_EVERY = dt.timedelta(minutes=5)
"""`last_seen` is noted at most this often."""
_READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# Letters and digits that nobody mistakes for another when a password is read out or copied from paper.


def create_person(
    *,
    username: str,
    display_name: str,
    actor_id: uuid.UUID,
    now: dt.datetime,
    password: str | None = None,
    email: str = "",
    phone: str = "",
    language: str = "zh-hans",
    must_change_password: bool = True,
) -> Person:
    """Create a person who holds nothing yet, and return it. Without a password they cannot log in until one is set.

    Raises errors.Invalid (`username_invalid`, `name_invalid`, `email_invalid`, `language_unknown`, `password_weak`),
    errors.Conflict (`username_taken`), errors.Forbidden unless system administrator or operator.
    """
    username = rules.normalize_username(username)
    if not rules.is_username(username):
        raise errors.Invalid(
            _("A user name has 2 to 64 letters a–z, Chinese characters, digits or . @ - _ and begins with no sign."),
            code="username_invalid",
            field="username",
        )
    fields = _checked(display_name=display_name, email=email, phone=phone, language=language)
    with writing():
        permissions.check_manage_persons(acting(actor_id), actor_id)
        person = Person(
            username=username, created_at=now, must_change_password=bool(password) and must_change_password, **fields
        )
        _give_password(person, password)
        # Without a savepoint a unique violation would spoil the whole transaction.
        Person.objects.bulk_create([person], ignore_conflicts=True)
        if not Person.objects.filter(pk=person.pk).exists():
            raise errors.Conflict(
                _("The user name %(name)s is taken.") % {"name": username}, code="username_taken", field="username"
            )
        record("person_created", now=now, person_id=person.pk, actor_id=actor_id, username=username)
    return person


def update_person(
    *,
    person_id: uuid.UUID,
    actor_id: uuid.UUID,
    now: dt.datetime,
    display_name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    language: str | None = None,
) -> Person:
    """Correct a person's name or ways to be reached; what is None stays. People may do this for themselves.

    Raises errors.Invalid as `create_person`, errors.NotFound, errors.Forbidden.
    """
    with writing():
        person = lock_person(person_id)
        if actor_id != person_id:
            permissions.check_manage_persons(acting(actor_id), actor_id, target=selectors.reader_of(person_id))
        wanted = _checked(
            display_name=person.display_name if display_name is None else display_name,
            email=person.email if email is None else email,
            phone=person.phone if phone is None else phone,
            language=person.language if language is None else language,
        )
        changed = [name for name, value in wanted.items() if getattr(person, name) != value]
        if changed:
            for name in changed:
                setattr(person, name, wanted[name])
            person.save(update_fields=changed)
            changes_accounts()
            record("person_changed", now=now, person_id=person.pk, actor_id=actor_id, fields=sorted(changed))
    return person


def disable_person(*, person_id: uuid.UUID, actor_id: uuid.UUID, now: dt.datetime, reason: str = "") -> Person:
    """Let a person no longer log in; their sessions and tokens die at once. Idempotent; returns the person.

    Other processes notice a dead token within five seconds, a dead session at its next request.
    Raises errors.NotFound, errors.Forbidden (never oneself). Publishes PersonDisabled.
    """
    with writing():
        person = lock_person(person_id)
        if actor_id == person_id:
            raise errors.Forbidden(_("Nobody can disable themselves."), code="own_account")
        permissions.check_manage_persons(acting(actor_id), actor_id, target=selectors.reader_of(person_id))
        if person.disabled_at is None:
            person.disabled_at = now
            person.session_epoch += 1
            person.save(update_fields=["disabled_at", "session_epoch"])
            ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
            changes_accounts()
            record("person_disabled", now=now, person_id=person.pk, actor_id=actor_id, reason=clean_line(reason)[:200])
            publish(events.PersonDisabled(person_id=person.pk, actor_id=actor_id, now=now))
    return person


def enable_person(*, person_id: uuid.UUID, actor_id: uuid.UUID, now: dt.datetime, reason: str = "") -> Person:
    """Let a disabled person log in again, with new sessions and tokens; returns the person.

    Raises errors.NotFound, errors.Forbidden.
    """
    with writing():
        person = lock_person(person_id)
        if actor_id == person_id:
            raise errors.Forbidden(_("Nobody can enable themselves."), code="own_account")
        permissions.check_manage_persons(acting(actor_id), actor_id)
        if person.disabled_at is not None:
            person.disabled_at = None
            person.save(update_fields=["disabled_at"])
            changes_accounts()
            record("person_enabled", now=now, person_id=person.pk, actor_id=actor_id, reason=clean_line(reason)[:200])
    return person


def set_password(
    *, person_id: uuid.UUID, password: str, actor_id: uuid.UUID, now: dt.datetime, must_change: bool = True
) -> None:
    """Give somebody a first or new password, to be changed at the next login; ends all their sessions.

    Raises errors.Invalid (`password_weak`), errors.NotFound, errors.Forbidden (one's own needs the old one).
    """
    with writing():
        person = lock_person(person_id)
        if actor_id == person_id:
            raise errors.Forbidden(_("Change your own password with the old one."), code="own_account")
        permissions.check_manage_persons(acting(actor_id), actor_id, target=selectors.reader_of(person_id))
        _give_password(person, password)
        person.must_change_password = must_change
        person.session_epoch += 1
        person.save(update_fields=["password", "must_change_password", "session_epoch"])
        record("password_set", now=now, person_id=person.pk, actor_id=actor_id)


def give_password(*, person_id: uuid.UUID, actor_id: uuid.UUID, now: dt.datetime) -> str:
    """Make up a password for somebody, to be changed at the next login, and return it: it is shown once, kept nowhere.

    Raises as `set_password`.
    """
    password = "-".join("".join(secrets.choice(_READABLE) for _place in range(4)) for _group in range(4))
    set_password(person_id=person_id, password=password, actor_id=actor_id, now=now)
    return password


def forgive_failures(*, person_id: uuid.UUID, actor_id: uuid.UUID, now: dt.datetime) -> int:
    """Let somebody try again at once who typed the wrong password too often; return how many counters were dropped.

    Raises errors.NotFound, errors.Forbidden unless system administrator or operator.
    """
    with writing():
        person = lock_person(person_id)
        permissions.check_manage_persons(acting(actor_id), actor_id, target=selectors.reader_of(person_id))
        dropped, _details = AccessAttempt.objects.filter(username=person.username).delete()
        record("failures_forgiven", now=now, person_id=person.pk, actor_id=actor_id)
    return int(dropped)


def change_own_password(*, person: Person, password: str, now: dt.datetime) -> None:
    """Store the password that a person chose for themselves (the login pages have checked the old one).

    Their other sessions die. Raises errors.Invalid (`password_weak`).
    """
    with writing():
        _give_password(person, password)
        person.must_change_password = False
        person.save(update_fields=["password", "must_change_password"])
        record("password_changed", now=now, person_id=person.pk, actor_id=person.pk)


def reset_second_factor(*, person_id: uuid.UUID, actor_id: uuid.UUID, now: dt.datetime, reason: str = "") -> None:
    """Remove somebody's authenticator and recovery codes (a lost phone) and end their sessions.

    Not for oneself: whoever holds a stolen session could drop the second factor. Raises errors.NotFound,
    errors.Forbidden unless security administrator or operator.
    """
    with writing():
        person = lock_person(person_id)
        if actor_id == person_id:
            raise errors.Forbidden(_("Somebody else must reset your second factor."), code="own_account")
        permissions.check_secure(acting(actor_id), actor_id, target=selectors.reader_of(person_id))
        Authenticator.objects.filter(user=person).delete()
        person.session_epoch += 1
        person.save(update_fields=["session_epoch"])
        record("second_factor_reset", now=now, person_id=person.pk, actor_id=actor_id, reason=clean_line(reason)[:200])


def note_seen(*, person_id: uuid.UUID, now: dt.datetime) -> None:
    """Note that a person is here, at most once in SEEN_EVERY (one statement, nothing read)."""
    unseen = Person.objects.filter(pk=person_id).exclude(last_seen__gt=now - SEEN_EVERY)
    unseen.update(last_seen=now)


def _give_password(person: Person, password: str | None) -> None:
    if password is None:
        person.set_unusable_password()
        return
    try:
        validate_password(password, user=person)
    except ValidationError as error:
        raise errors.Invalid(" ".join(error.messages), code="password_weak", field="password") from error
    person.set_password(password)


def _checked(*, display_name: str, email: str, phone: str, language: str) -> dict[str, str]:
    name = clean_line(display_name)
    if not 1 <= len(name) <= 60:
        raise errors.Invalid(_("A name has 1 to 60 characters."), code="name_invalid", field="display_name")
    email, phone = clean_line(email), clean_line(phone)
    try:
        if email:
            validate_email(email)
    except ValidationError as error:
        raise errors.Invalid(_("This is not an e-mail address."), code="email_invalid", field="email") from error
    if len(phone) > 20:
        raise errors.Invalid(_("This telephone number is too long."), code="phone_invalid", field="phone")
    if language not in dict(settings.LANGUAGES):
        raise errors.Invalid(_("This language is not offered."), code="language_unknown", field="language")
    return {"display_name": name, "pinyin": sort_key(name), "email": email, "phone": phone, "language": language}
