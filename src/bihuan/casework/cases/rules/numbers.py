"""Case numbers, follow-up codes, and the words under which a case is found."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

# No 0/O, 1/I/L, U/V: a code is read aloud over the telephone and typed from paper.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
CODE_LENGTH = 12

_WORD = re.compile(r"[0-9a-z]+|[\u3400-\u9fff\U00020000-\U0003134f]+")


def number_period(raised_on: "object") -> str:
    """Return the part of the number that says when: year and month as `yymm`, from a local date."""
    return f"{raised_on:%y%m}"


def format_number(*, pattern: str, region: str, period: str, sequence: int) -> str:
    """Return a case number such as `BH-330114-2611-00042`; the region makes it unique across installations."""
    return pattern.format(region=region, yymm=period, seq=sequence)


def new_follow_up_code() -> str:
    """Return a fresh secret code of 12 characters (about 58 bits) in three groups, for example `K7TM-2QXA-9HRD`."""
    raw = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(raw[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def normal_code(code: str) -> str:
    """Return the code as it is compared: upper case, without separators."""
    return re.sub(r"[\s\-–—_]", "", code).upper()


def code_digest(*, code: str, number: str, pepper: str) -> str:
    """Return what is stored in place of the code: an HMAC bound to the case number, so that rows cannot be swapped."""
    return hmac.new(pepper.encode(), f"{number}\0{normal_code(code)}".encode(), hashlib.sha256).hexdigest()


def code_matches(*, code: str, number: str, pepper: str, digest: str) -> bool:
    """Tell in constant time whether `code` is the one whose digest is stored."""
    return hmac.compare_digest(code_digest(code=code, number=number, pepper=pepper), digest)


def search_terms(texts: Iterable[str]) -> list[str]:
    """Return the terms a case is found by: pairs of neighbouring Chinese characters, and whole Latin words and digits.

    Pairs find two-character words, which trigram indexes cannot (SCALE "True from day one"). None is left out: the
    longest matter has some 20,000 terms, a tenth of what PostgreSQL takes.
    """
    terms: set[str] = set()
    for text in texts:
        for run in _WORD.findall(text.lower()):
            if run[0].isascii():
                terms.add(run[:40])
            else:
                terms.update(run[i : i + 2] for i in range(len(run) - 1))
                if len(run) == 1:
                    terms.add(run)
    return sorted(terms)


def search_query(text: str) -> str:
    """Return the tsquery text that finds `text`: every term must be there; a single Chinese character or a Latin word
    matches as a prefix. Empty when there is nothing to look for.
    """
    parts: list[str] = []
    for run in _WORD.findall(text.lower())[:12]:
        if run[0].isascii() or len(run) == 1:
            parts.append(f"'{run[:40]}':*")
        else:
            parts += [f"'{run[i : i + 2]}'" for i in range(min(len(run) - 1, 24))]
    return " & ".join(dict.fromkeys(parts))
