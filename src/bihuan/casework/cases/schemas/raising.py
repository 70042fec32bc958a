"""提出: what a caller says when raising a matter, and what comes back."""

import datetime as dt
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from bihuan.foundation.kernel.answers import local
from bihuan.foundation.ledger import selectors as ledger

from ..services import Contact, Matter, Receipt

Code = Annotated[str, Field(max_length=64)]


class ContactIn(Schema):
    """How to reach the raiser; any part may be left out."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=120)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    email: Annotated[str, Field(max_length=254)] = ""


class RaiseIn(Schema):
    """A matter. Give `enterprise` (USCC) or `anonymous: true`; an enterprise's own user needs neither."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(description="In one line what it is about; at most 200 characters")]
    description: Annotated[str, Field(description="What happened; at most 20,000 characters")]
    region: Annotated[str, Field(description="GB/T 2260 code: six digits, or nine for a town", examples=["330114"])]
    channel: Annotated[str, Field(description="A channel of the region's rulebook", max_length=32)] = "api"
    enterprise: Annotated[str | None, Field(description="Unified social credit code (GB 32100)", max_length=64)] = None
    enterprise_name: Annotated[
        str, Field(description="Only for an enterprise not in the directory yet", max_length=120)
    ] = ""
    anonymous: bool = False
    category: Annotated[str | None, Field(max_length=64)] = None
    board: Annotated[str | None, Field(max_length=64)] = None
    place: Annotated[str | None, Field(description="Where it is, in the raiser's words", max_length=200)] = None
    urgent: bool = False
    contact: Annotated[
        str | ContactIn | None, Field(description="A telephone number or e-mail address, or an object")
    ] = None
    source: Annotated[str | None, Field(description="The system it comes from", max_length=40)] = None
    source_id: Annotated[str | None, Field(description="Its id there; enters the register once", max_length=120)] = None

    def matter(self) -> Matter:
        """Return the matter as the service takes it."""
        return Matter(
            title=self.title,
            description=self.description,
            channel=self.channel,
            region=self.region,
            enterprise=self.enterprise,
            enterprise_name=self.enterprise_name,
            anonymous=self.anonymous,
            category=self.category or "",
            board=self.board or "",
            place=self.place or "",
            urgent=self.urgent,
            contact=_contact(self.contact),
            source=self.source or "",
            source_id=self.source_id or "",
        )


def _contact(given: str | ContactIn | None) -> Contact:
    if given is None:
        return Contact()
    if isinstance(given, ContactIn):
        return Contact(name=given.name, phone=given.phone, email=given.email)
    return Contact(email=given[:254]) if "@" in given else Contact(phone=given[:40])


class ReceiptOut(Schema):
    """Proof of what was said. Keep it: with `/cases/{number}/proof?of=receipt` the stand-alone verifier checks it.

    `canonical` is the exact text of the fact, `hash` the seal of these bytes.
    """

    format: str
    hash: str
    algorithm: str
    seq: int
    stream: str
    canonical: str
    number: str
    raised_at: dt.datetime


class RaisedOut(Schema):
    """The answer to a raised matter. The follow-up code is shown this once."""

    number: str
    follow_up_code: str
    state: str
    region: str
    raised_at: dt.datetime
    due_at: dt.datetime | None = Field(description="By when it is accepted or declined")
    track_url: str
    receipt: ReceiptOut


def raised(receipt: Receipt, *, region: str, track_url: str) -> dict[str, Any]:
    """Return the answer to a raised matter."""
    raised_at = local(receipt.raised_at)
    return {
        "number": receipt.number,
        "follow_up_code": receipt.follow_up_code,
        "state": receipt.state,
        "region": region,
        "raised_at": raised_at,
        "due_at": local(receipt.due_at),
        "track_url": track_url,
        "receipt": {
            **ledger.receipt_of(canonical=receipt.canonical, sealed=receipt.hash),
            "algorithm": receipt.hash.partition(":")[0],
            "number": receipt.number,
            "raised_at": raised_at,
        },
    }
