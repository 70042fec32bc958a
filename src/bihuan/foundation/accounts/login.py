"""How logging in hangs on django-allauth (pages, second factor) and django-axes (throttle): their hooks, our rules."""

import base64
import hashlib
import io
import ipaddress
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import rules, selectors, services
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, errors

SILENT_MESSAGES = frozenset(
    {
        "account/messages/logged_in.txt",
        "account/messages/logged_out.txt",
        "mfa/messages/recovery_codes_generated.txt",
    }
)
"""Messages of allauth that only say what the page shows anyway."""


def client_ip(request: HttpRequest) -> str | None:
    """Return the address of the client, or None over a Unix socket.

    Behind proxies (PROXIES of them) it is taken from X-Forwarded-For, counted from the right: what a client
    writes there itself stands further left and is never believed.
    """
    candidate = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        candidate = passed[-settings.PROXIES] if len(passed) >= settings.PROXIES else candidate
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return None


def counted_ip(request: HttpRequest) -> str | None:
    """Return the address that wrong attempts are counted under: of IPv6 its /64 network, which one customer has."""
    found = client_ip(request)
    if found is None or ":" not in found:
        return found
    return str(ipaddress.ip_network((found, 64), strict=False).network_address)


def username_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the user name that an attempt is counted under: normalized, so that its case opens no new attempts."""
    given = (credentials or {}).get("username") or request.POST.get("login", "")
    return rules.normalize_username(given)[:64]


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer an attempt during the lock: 429, and when to come back. Called by axes."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    answer = render(request, "accounts/locked.html", {"minutes": minutes}, status=errors.TooMany.status)
    answer["Retry-After"] = str(minutes * 60)
    return answer


def kept_address(request: HttpRequest, person: Person | None) -> str | None:
    """Return the address that the record may keep: that of staff; never an enterprise user's or a stranger's."""
    if person is None:
        return None
    held = selectors.reader_of(person.pk).roles
    return client_ip(request) if held - {Role.ENTERPRISE} else None


def note(request: HttpRequest, kind: str, person: Person | None, *, success: bool = True, username: str = "") -> None:
    """Add what happened at the login pages to the security record."""
    regions = [grant.region for grant in selectors.reader_of(person.pk).grants] if person else []
    services.record(
        kind,
        now=clock.now(),
        success=success,
        person_id=person.pk if person else None,
        actor_id=person.pk if person and success else None,
        username=person.username if person else username,
        region=regions[0] if regions else "",
        ip=kept_address(request, person),
    )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Our answers to allauth: nobody signs up, everything is recorded, passwords go through the service."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The user name or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by administrators."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address for allauth's own rate limits."""
        return client_ip(request) or "0.0.0.0"  # noqa: S104 - a key for counting, nothing is bound to it

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a wrong user name or password."""
        username = username_of(request, credentials)
        note(request, "login_failed", selectors.person_named(username), success=False, username=username)

    def post_login(self, request: HttpRequest, user: Person, **details: Any) -> HttpResponse:
        """Record a login that is complete, second factor included."""
        response: HttpResponse = super().post_login(request, user, **details)
        note(request, "login", user)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Record and log out."""
        if isinstance(request.user, Person):
            note(request, "logout", request.user)
        super().logout(request)

    def set_password(self, user: Person, password: str) -> None:
        """Store the password that somebody chose for themselves."""
        services.change_own_password(person=user, password=password, now=clock.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to work after a new password."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *rest: Any, **more: Any
    ) -> None:
        """Leave out messages that say what the page shows anyway."""
        if message_template not in SILENT_MESSAGES:
            super().add_message(request, level, message_template, *rest, **more)

    def send_notification_mail(self, template_prefix: str, user: Person, *rest: Any, **more: Any) -> None:
        """Record what allauth would announce by e-mail: `second_factor.totp_activated` and so on."""
        group, _folder, event = template_prefix.split("/")
        if group == "mfa":
            note(self.request, f"second_factor.{event}", user)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Our answers to allauth.mfa: secrets are encrypted at rest, and who must have a second factor keeps it."""

    def encrypt(self, text: str) -> str:
        """Encrypt a TOTP secret or recovery seed with a key derived from SECRET_KEY."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt with the present key or one of SECRET_KEY_FALLBACKS."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code as SVG without inline style, so that the content security policy lets it through."""
        drawing = io.BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, light="#fff")
        return SafeString(drawing.getvalue().decode())

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Tell whether the second factor may be taken off: not by somebody whose role needs it."""
        return not must_use_second_factor(authenticator.user)


def must_use_second_factor(person: Person) -> bool:
    """Tell whether this person's roles need a second factor here (always in production, unless switched off)."""
    return bool(settings.SECOND_FACTOR_REQUIRED) and rules.needs_second_factor(selectors.reader_of(person.pk).roles)


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"bihuan.accounts.second-factor:" + str(key).encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
