r"""The ways out of the house: e-mail, and any provider of short messages, WeCom or WeChat that speaks HTTP.

What a place has set up stands in `settings.NOTIFICATIONS` (see `Configuration`); nothing set up means inbox only.
A gateway is described, not programmed. Placeholders in braces are filled in: `{address} {title} {text} {link} {id}
{token} {timestamp}`; `${NAME}` is taken from the environment, so that no secret stands in the file. For example WeCom:

    gateways:
      wecom:
        address: bound                      # the id that the person connected; else phone, email or username
        token: {url: "https://…/gettoken?corpid=${CORP}&corpsecret=${SECRET}", field: access_token, seconds: 7000}
        url: "https://…/message/send?access_token={token}"
        body: {touser: "{address}", msgtype: text, agentid: 7, text: {content: "{title} {link}"}}
        accepted: {field: errcode, equals: [0], stale_token: [40014, 42001]}
"""

import contextlib
import functools
import ipaddress
import json
import os
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Annotated, Any, Literal, Protocol
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from pydantic import BaseModel, ConfigDict, Field

from bihuan.foundation.kernel.text import clean_line
from bihuan.foundation.notifications import outgoing
from bihuan.foundation.notifications.registry import Recipient


@dataclass(frozen=True, kw_only=True)
class Message:
    """What goes out: `id` stays the same over all attempts, so that a receiver can tell a repetition."""

    id: uuid.UUID
    address: str
    title: str
    text: str
    link: str = ""


class SendingError(Exception):
    """A message did not go out. `permanent`: trying again is useless. The text names no person and no address."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Channel(Protocol):
    """One way out."""

    id: str

    def address_of(self, recipient: Recipient, bound: str) -> str:
        """Return where to reach the recipient here, `bound` being what they connected; empty: not at all."""

    def send(self, message: Message) -> None:
        """Hand the message over. Raises SendingError."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Token(_Part):
    """How a gateway's access token is fetched, where in the answer it stands, and for how long it is kept."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: dict[str, Any] = Field(default_factory=dict)
    field: str = "access_token"
    seconds: Annotated[int, Field(ge=30, le=86_400)] = 7000


class Accepted(_Part):
    """When an answer means yes: its status, and the value of one field (dotted) if the provider says it there."""

    status: tuple[int, ...] = (200, 201, 202, 204)
    field: str = ""
    equals: tuple[str | int | bool, ...] = (0,)
    stale_token: tuple[str | int, ...] = ()


class Gateway(_Part):
    """One HTTP request that sends one message."""

    address: Literal["bound", "phone", "email", "username"]
    url: str
    method: Literal["GET", "POST", "PUT"] = "POST"
    headers: dict[str, str] = Field(default_factory=dict)
    encoding: Literal["json", "form"] = "json"
    body: dict[str, Any] = Field(default_factory=dict)
    accepted: Accepted = Accepted()
    token: Token | None = None


class Configuration(_Part):
    """Everything under `settings.NOTIFICATIONS`.

    public_url         address of this installation, before paths in messages
    sender             From address of e-mails; empty: no e-mail (the server stands in Django's EMAIL_… settings)
    gateways           channel id (sms, wecom, wechat …) → request
    internal_networks  networks inside the house that gateways and webhooks may call, for example 10.20.0.0/16
    """

    public_url: str = ""
    sender: str = ""
    gateways: dict[str, Gateway] = Field(default_factory=dict)
    internal_networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()


def configuration() -> Configuration:
    """Return what this installation has set up. Raises pydantic.ValidationError that names the wrong key."""
    return _configuration(json.dumps(getattr(settings, "NOTIFICATIONS", {}), sort_keys=True, default=str))


@functools.lru_cache(maxsize=8)
def _configuration(text: str) -> Configuration:
    return Configuration.model_validate_json(text)


_instead: dict[str, Channel] | None = None


def active() -> Mapping[str, Channel]:
    """Return the channels set up, by id."""
    if _instead is not None:
        return _instead
    return _built(configuration().model_dump_json())


@functools.lru_cache(maxsize=8)
def _built(_text: str) -> dict[str, Channel]:
    here = configuration()
    found: dict[str, Channel] = {"email": EmailChannel(here.sender)} if here.sender else {}
    return found | {name: GatewayChannel(name, gateway) for name, gateway in here.gateways.items()}


@contextlib.contextmanager
def replaced(*channels: Channel) -> Iterator[None]:
    """Use only these channels inside the block (tests, rehearsals)."""
    global _instead
    before, _instead = _instead, {channel.id: channel for channel in channels}
    try:
        yield
    finally:
        _instead = before


class EmailChannel:
    """E-mail through the server of Django's settings. Marked as automatic, so that no robot answers it."""

    id = "email"

    def __init__(self, sender: str) -> None:
        self.sender = sender

    def address_of(self, recipient: Recipient, bound: str) -> str:
        """Return the person's e-mail address; never our own, or two robots would talk to each other."""
        address = bound or recipient.email
        return "" if _mailbox(address) == _mailbox(self.sender) else address

    def send(self, message: Message) -> None:
        """Hand the message to the mail server. A refused recipient is permanent, everything else is tried again."""
        domain = _mailbox(self.sender).rpartition("@")[2] or "localhost"
        mail = EmailMessage(
            subject=clean_line(message.title)[:200],
            body="\n\n".join(part for part in (message.text or message.title, message.link) if part),
            from_email=self.sender,
            to=[message.address],
            headers={
                "Message-ID": f"<{message.id}@{domain}>",
                "Auto-Submitted": "auto-generated",
                "Precedence": "bulk",
                "X-Auto-Response-Suppress": "All",
            },
            connection=get_connection(timeout=outgoing.TIMEOUT),
        )
        try:
            mail.send()
        except SMTPRecipientsRefused as error:
            codes = [code for code, _reason in error.recipients.values()]
            raise SendingError(f"recipient refused ({codes})", permanent=all(code >= 500 for code in codes)) from error
        except SMTPResponseException as error:
            raise SendingError(f"mail server answered {error.smtp_code}") from error
        except OSError as error:
            raise SendingError(f"mail server: {type(error).__name__}") from error


def _mailbox(address: str) -> str:
    return address.rpartition("<")[2].rstrip("> ").strip().lower()


class GatewayChannel:
    """A provider described by a Gateway."""

    def __init__(self, name: str, gateway: Gateway) -> None:
        self.id = name
        self._gateway = gateway
        self._token: tuple[float, str] = (0.0, "")

    def address_of(self, recipient: Recipient, bound: str) -> str:
        """Return the connected id, else what the gateway says it goes by."""
        return bound if self._gateway.address == "bound" else bound or str(getattr(recipient, self._gateway.address))

    def send(self, message: Message) -> None:
        """Make the request and judge the answer; a stale token is fetched anew once."""
        answer = self._attempt(message)
        accepted = self._gateway.accepted
        if self._gateway.token and _at(answer, accepted.field) in accepted.stale_token:
            self._token = (0.0, "")
            answer = self._attempt(message)
        if accepted.field and _at(answer, accepted.field) not in accepted.equals:
            raise SendingError(f"{self.id} answered {accepted.field}={str(_at(answer, accepted.field))[:60]}")

    def _attempt(self, message: Message) -> Any:
        facts = {
            "id": str(message.id),
            "address": message.address,
            "title": message.title,
            "text": message.text,
            "link": message.link,
            "timestamp": str(int(time.time())),
            "token": self._access_token() if self._gateway.token else "",
        }
        gateway = self._gateway
        return self._ask(gateway.url, gateway.method, gateway.body, gateway.headers, facts, gateway.accepted.status)

    def _access_token(self) -> str:
        until, token = self._token
        if until > time.monotonic():
            return token
        how = self._gateway.token
        assert how is not None
        found = _at(self._ask(how.url, how.method, how.body, {}, {}, (200,)), how.field)
        if not isinstance(found, str) or not found:
            raise SendingError(f"{self.id} gave no access token")
        self._token = (time.monotonic() + how.seconds, found)
        return found

    def _ask(
        self,
        url: str,
        method: str,
        body: Mapping[str, Any],
        headers: Mapping[str, str],
        facts: Mapping[str, str],
        statuses: tuple[int, ...],
    ) -> Any:
        form = self._gateway.encoding == "form"
        filled = _filled(body, facts)
        content = b"" if not body else (urlencode(filled) if form else json.dumps(filled, ensure_ascii=False)).encode()
        kind = "application/x-www-form-urlencoded" if form else "application/json; charset=utf-8"
        extra = {name: clean_line(_fill(value, facts)) for name, value in headers.items()}
        try:
            answer = outgoing.call(
                _fill(url, {name: quote(value, safe="") for name, value in facts.items()}),
                method=method,
                body=content,
                headers={**({"Content-Type": kind} if content else {}), **extra},
                allowed=configuration().internal_networks,
            )
        except (outgoing.RefusedError, outgoing.FailedError) as error:
            raise SendingError(f"{self.id}: {error}") from error
        if answer.status not in statuses:
            raise SendingError(f"{self.id} answered {answer.status}")
        try:
            return json.loads(answer.body) if answer.body.strip() else None
        except ValueError:
            return None


def _fill(text: str, facts: Mapping[str, str]) -> str:
    """Fill in placeholders; what is filled in is not looked at again."""

    def one(match: re.Match[str]) -> str:
        return os.environ.get(match[1], "") if match[1] else facts.get(match[2], match[0])

    return re.sub(r"\$\{(\w+)\}|\{(\w+)\}", one, text)


def _filled(value: Any, facts: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _fill(value, facts)
    if isinstance(value, Mapping):
        return {name: _filled(one, facts) for name, one in value.items()}
    return [_filled(one, facts) for one in value] if isinstance(value, list) else value


def _at(value: Any, dotted: str) -> Any:
    for step in filter(None, dotted.split(".")):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


@dataclass
class RecordedChannel:
    """Keeps what it is given, and fails on demand: for tests and rehearsals."""

    id: str
    by: Literal["bound", "phone", "email", "username"] = "phone"
    sent: list[Message] = field(default_factory=list)
    failures: list[SendingError] = field(default_factory=list)

    def address_of(self, recipient: Recipient, bound: str) -> str:
        """Return the connected id, else what the recording goes by."""
        return bound if self.by == "bound" else bound or str(getattr(recipient, self.by))

    def send(self, message: Message) -> None:
        """Keep the message, or raise the next failure."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
