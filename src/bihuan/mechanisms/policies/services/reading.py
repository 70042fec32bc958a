"""Values of a request as they are kept: amounts, days, conditions. Raises Invalid naming the field."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.text import clean_line, needed_day, needed_text

from .. import wording
from ..rulebook import Policies
from ..rules import flaws, money, papers
from ..rules.flaws import Flaw

CONDITIONS_MOST = 40


def line(body: Mapping[str, Any], field: str, most: int) -> str:
    """Return a line that has to be there."""
    return clean_line(needed_text(body, field, most=most))


def words(body: Mapping[str, Any], field: str, most: int) -> str:
    """Return a line that may be missing, cut to its length."""
    return clean_line(str(body.get(field) or ""))[:most]


def day(body: Mapping[str, Any], field: str, *, needed: bool = False) -> dt.date | None:
    """Return a day, or None where none is given."""
    given = str(body.get(field) or "").strip()
    if not given and not needed:
        return None
    return needed_day({field: given}, field, first_year=1990)


def yuan(given: Any, field: str) -> Decimal | None:
    """Return an amount in yuan with two places at most, or None where none is given."""
    text = str(given if given is not None else "").strip().replace(",", "")
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    exponent = found.as_tuple().exponent
    if not (found.is_finite() and isinstance(exponent, int) and exponent >= -2 and 0 <= found <= money.LARGEST):
        raise errors.Invalid(_("An amount in yuan, please."), code="amount_wrong", field=field)
    return found


def one_of(body: Mapping[str, Any], field: str, choices: Mapping[str, Any]) -> str:
    """Return one of the choices."""
    found = str(body.get(field) or "")
    if found not in choices:
        said = _("%(field)s: one of %(choices)s") % {"field": field, "choices": ", ".join(choices)}
        raise errors.Invalid(said, code="invalid_body", field=field)
    return found


def flawed(found: list[Flaw], field: str) -> errors.Invalid:
    """Return the error that says what is wrong with conditions, formula or shares."""
    first = found[0]
    said = wording.FLAWS[first.code] % {"word": first.word}
    where = _("Condition %(n)d: %(said)s") % {"n": first.at, "said": said} if first.at else said
    wrong = [{"code": one.code, "word": one.word, "condition": one.at} for one in found]
    return errors.Invalid(where, code="clause_flawed", field=field, flaws=wrong)


def conditions(body: Mapping[str, Any], book: Policies) -> list[dict[str, str]]:
    """Return the conditions of a clause, each with its words; all that is wrong with them is said at once."""
    given = body.get("conditions") or []
    if not isinstance(given, list) or len(given) > CONDITIONS_MOST or not all(isinstance(one, dict) for one in given):
        said = _("conditions: a list of at most %(most)d, each with text and cel") % {"most": CONDITIONS_MOST}
        raise errors.Invalid(said, code="invalid_body", field="conditions")
    kept, trees, wrong = [], [], []
    for at, one in enumerate(given, 1):
        text, cel = clean_line(str(one.get("text") or ""))[:200], str(one.get("cel") or "").strip()
        tree, found = flaws.of_condition(cel, book.kinds(), at)
        wrong += found
        trees += [] if tree is None else [tree]
        kept.append({"text": text or cel[:200], "cel": cel})
    wrong = wrong or flaws.contradictions(trees)
    if wrong:
        raise flawed(wrong, "conditions")
    return kept


def formula(body: Mapping[str, Any], book: Policies) -> str:
    """Return the formula of an amount."""
    text = str(body.get("formula") or "").strip()
    _tree, wrong = flaws.of_formula(text, book.kinds())
    if wrong:
        raise flawed(wrong, "formula")
    return text


def shares(body: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return who pays which part."""
    given = body.get("shares") or []
    rows = []
    try:
        rows = [money.Share(str(one["level"]), Decimal(str(one["percent"]))) for one in given]
    except (KeyError, TypeError, InvalidOperation) as problem:
        said = _("shares: a list, each with level and percent")
        raise errors.Invalid(said, code="invalid_body", field="shares") from problem
    flaw = money.share_flaw(rows) if all(one.percent.is_finite() for one in rows) else "percent"
    if flaw or any(one.level not in wording.LEVELS for one in rows):
        raise flawed([Flaw(flaw or "none")], "shares")
    return [{"level": one.level, "percent": str(one.percent)} for one in rows]


def proofs(given: Any, field: str) -> list[dict[str, Any]]:
    """Return papers as they are kept; one that another department has may not be asked for."""
    try:
        return [one.plain() for one in papers.read(given if isinstance(given, list) else [given])]
    except papers.Wrong as problem:
        said = wording.PAPER_FLAWS[problem.code] % {"name": problem.name}
        raise errors.Invalid(said, code="papers_flawed", field=field) from problem
