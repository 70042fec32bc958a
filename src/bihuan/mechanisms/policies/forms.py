"""What the forms of policies send, as services take it: one condition a line, one payer a line."""

from collections.abc import Mapping
from typing import Any

from .wording import LEVELS

LEVEL_WORDS = {"中央": "state", "省级": "province", "省": "province", "市级": "city", "市": "city", "区级": "county",
               "区": "county", "县级": "county", "县": "county", "镇街": "town"}  # fmt: skip


def terms(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a clause. conditions: a line `words | condition`; shares: a line `level per cent`."""
    body = {name: value for name, value in given.items() if name not in ("conditions", "shares", "proofs")}
    body["conditions"] = [_condition(line) for line in _lines(given.get("conditions"))]
    body["shares"] = [_share(line) for line in _lines(given.get("shares"))]
    body["proofs"] = [_paper(line) for line in _lines(given.get("proofs"))]
    return body


def _lines(given: Any) -> list[str]:
    return [line.strip() for line in str(given or "").splitlines() if line.strip()]


def _condition(line: str) -> dict[str, str]:
    words, bar, cel = line.replace("｜", "|").partition(" | ")
    return {"text": words.strip(), "cel": cel.strip()} if bar else {"text": "", "cel": line}


def _share(line: str) -> dict[str, str]:
    parts = line.replace("%", " ").replace("％", " ").split()
    level = parts[0] if parts else ""
    return {"level": LEVEL_WORDS.get(level, level), "percent": parts[1] if len(parts) > 1 else "100"}


def conditions_text(conditions: list[dict[str, str]]) -> str:
    """Return conditions as the form shows them."""
    return "\n".join(f"{one['text']} | {one['cel']}" for one in conditions)


def shares_text(shares: list[dict[str, str]]) -> str:
    """Return who pays as the form shows it."""
    return "\n".join(f"{one['level']} {one['percent']}" for one in shares if one["level"] in LEVELS)


WAY_WORDS = {"共享": "shared", "自证": "self", "第三方": "third", "协会": "association", "原件": "original"}


def item(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a service item. steps: one a line; papers: `name | ways | who has it | 容缺 承诺` a line."""
    body = {name: value for name, value in given.items() if name not in ("steps", "papers", "cases")}
    body["steps"] = _lines(given.get("steps"))
    body["papers"] = [_paper(line) for line in _lines(given.get("papers"))]
    body["cases"] = str(given.get("cases") or "").replace(",", " ").replace("，", " ").split()
    return body


def _paper(line: str) -> dict[str, Any]:
    name, ways, source, marks, *_more = [*(part.strip() for part in line.replace("｜", "|").split("|")), "", "", ""]
    words = ways.replace("、", " ").replace(",", " ").split()
    return {
        "name": name,
        "ways": [WAY_WORDS.get(word, word) for word in words] or ["original"],
        "source": source,
        "tolerated": "容缺" in marks or "tolerated" in marks,
        "promised": "承诺" in marks or "promised" in marks,
    }


def papers_text(papers: list[dict[str, Any]]) -> str:
    """Return papers as the form shows them."""
    marks = (("tolerated", "容缺"), ("promised", "承诺"))
    return "\n".join(
        " | ".join(
            [one["name"], " ".join(one["ways"]), one["source"], " ".join(word for key, word in marks if one[key])]
        )
        for one in papers
    )
