"""Papers that a service item takes: what must be handed in, what others have already, several ways of proof.

青岛九组: “由行业协会开具证明一种形式，调整为企业自证、第三方机构佐证以及行业协会证明三种形式”.
平度: what others have already is not asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

WAYS = ("shared", "self", "third", "association", "original")
"""From another department; the enterprise's own word; a third party; a trade association; the paper itself."""
MOST = 60


class Wrong(ValueError):
    """A paper is not as it must be. code: `shape`, `name`, `twice`, `way`, `shareable`; name: of the paper."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code, self.name = code, name


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper. ways: any of them will do; source: who has it already; tolerated: it may come later (容缺);
    promised: a promise may stand for it (告知承诺).
    """

    name: str
    ways: tuple[str, ...]
    source: str = ""
    tolerated: bool = False
    promised: bool = False

    @property
    def asked(self) -> bool:
        """Whether the enterprise has to bring anything."""
        return "shared" not in self.ways

    def plain(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self) | {"ways": list(self.ways)}


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Paper, ...]:
    """Return papers as people wrote them. Raises Wrong.

    A paper that another department has (`source`) must be shared: nobody may be asked for it.
    """
    if len(rows) > MOST or not all(isinstance(one, Mapping) for one in rows):
        raise Wrong("shape")
    found = tuple(_read(one) for one in rows)
    names = [one.name for one in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Wrong("twice", twice)
    return found


def _read(one: Mapping[str, Any]) -> Paper:
    name = " ".join(str(one.get("name") or "").split())
    if not 0 < len(name) <= 120:
        raise Wrong("name", name[:40])
    ways = tuple(dict.fromkeys(str(way) for way in one.get("ways") or ("original",)))
    if set(ways) - set(WAYS):
        raise Wrong("way", name)
    source = " ".join(str(one.get("source") or "").split())[:60]
    if source and "shared" not in ways:
        raise Wrong("shareable", name)
    return Paper(
        name=name,
        ways=ways,
        source=source,
        tolerated=bool(one.get("tolerated")),
        promised=bool(one.get("promised")),
    )


@dataclass(frozen=True, kw_only=True)
class Burden:
    """What an item costs an enterprise: steps, papers that it has to bring, working days."""

    steps: int
    papers: int
    days: int


def burden(steps: Sequence[str], papers: Sequence[Paper], days: int) -> Burden:
    """Return what an item costs an enterprise."""
    return Burden(steps=len(steps), papers=sum(one.asked for one in papers), days=days)


def saved(before: Burden, after: Burden) -> dict[str, int]:
    """Return how much less each became by a reform; below nothing where it became more."""
    return {name: getattr(before, name) - getattr(after, name) for name in ("steps", "papers", "days")}


def demanded(paper: str, papers: Sequence[Paper]) -> tuple[bool, str]:
    """Tell whether a demanded paper is on the item's list, and who has it already (an empty text: nobody known)."""
    found = next((one for one in papers if one.name == paper), None)
    return found is not None, found.source if found else ""
