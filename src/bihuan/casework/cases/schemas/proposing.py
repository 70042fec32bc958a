"""What the product would do with a case, in the REST API."""

from ninja import Schema


class ProposalOut(Schema):
    """What the product proposes for a case, and why; null where it would only guess. Departments by their code.

    confidence: of the least sure part, 0 to 1. accepted: whether all was decided as proposed; null before it was.
    """

    category: str | None
    tier: str | None
    board: str | None
    lead: str | None
    co: list[str]
    urgent: bool
    confidence: float
    reasons: list[str]
    matter: str | None
    accepted: bool | None
