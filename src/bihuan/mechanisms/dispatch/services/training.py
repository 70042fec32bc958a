"""Learning from the register's own decisions: a model and its card in the data folder, replaced whole or not at all."""

import datetime as dt
import json
import os
import time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors, memory
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..rulebook import Routing
from ..rules import learning
from ..rules.proposals import FIELDS, label_of
from ..selectors import learnt

MOST_ROWS = 100_000
"""The newest so many decided matters are learnt from."""
BATCH = 2_000
_COLUMNS = "id title description category tier board lead_department_id co_department_ids accepted_at".split()

Card = dict[str, Any]


def train(*, region: str, now: dt.datetime) -> Card:
    """Learn from the decided matters of a county, and return the card of the new model.

    The same rows give the same model, bit for bit. Whoever reads meanwhile goes on with the old one. Raises Invalid
    `too_little` (then the old one stays).
    """
    begin = time.monotonic()
    rows, labels, span = _decisions(region[:6])
    try:
        model = learning.train(rows, labels)
    except learning.TooLittle as error:
        sentence = _("There is too little to learn from: at least ten decided matters, of two kinds at least.")
        raise errors.Invalid(sentence, code="too_little", field="region") from error
    content = learning.save(model)
    digest = learning.digest_of(content)
    card: Card = {
        "region": region[:6],
        "trained_at": _iso(now),
        "file": f"{region[:6]}-{digest[:16]}.npz",
        "digest": digest,
        "format": learning.FORMAT,
        "rows": len(rows),
        "since": span[0],
        "until": span[1],
        "most_rows": MOST_ROWS,
        "pieces": len(model.vocabulary),
        "questions": {name: _question(head) for name, head in model.heads.items()},
        "bytes": len(content),
        "seconds": round(time.monotonic() - begin, 1),
        "peak_mib": round(memory.peak_mib()),
    }
    _replace(card, content)
    return card


def train_all(*, now: dt.datetime) -> list[Card]:
    """Train a model for every county whose rulebook wants one and that has decided enough; return their cards."""
    with database.reading(THE_SYSTEM.scope()):
        regions = list(Case.objects.order_by("region").values_list("region", flat=True).distinct())
    cards = []
    for region in regions:
        if rulebooks.in_force(region, now).section(Routing).learn:
            try:
                cards.append(train(region=region, now=now))
            except errors.Invalid:
                continue
    return cards


def _question(head: learning.Head) -> dict[str, Any]:
    return {"labels": len(head.labels), **head.figures}


def _decisions(region: str) -> tuple[list[learning.Row], dict[str, list[str]], tuple[str | None, str | None]]:
    """Return texts (oldest first), field → labels ("" where nothing was decided), and the span of time."""
    codes = {one.id: one.code for one in directory.departments(region)}
    rows: list[learning.Row] = []
    labels: dict[str, list[str]] = {name: [] for name in FIELDS}
    instants: list[dt.datetime] = []
    with database.reading(THE_SYSTEM.scope()):
        decided = Case.objects.filter(region=region, accepted_at__isnull=False)
        newest = list(decided.order_by("-id").values_list("id", flat=True)[:MOST_ROWS])
        for start in range(len(newest), 0, -BATCH):
            ids = newest[max(start - BATCH, 0) : start]
            for one in Case.objects.filter(id__in=ids).order_by("id").values(*_COLUMNS):
                rows.append((one["title"], one["description"][:2_000]))
                instants.append(one["accepted_at"])
                lead = codes.get(one["lead_department_id"], "")
                co = label_of(codes[code] for code in one["co_department_ids"] if code in codes) if lead else ""
                for name, value in {**one, "lead": lead, "co": co}.items():
                    if name in labels:
                        labels[name].append(value)
    span = (_iso(min(instants)), _iso(max(instants))) if instants else (None, None)
    return rows, labels, span


def _iso(instant: dt.datetime) -> str:
    here = answers.local(instant)
    assert here is not None
    return here.isoformat()


def _replace(card: Card, content: bytes) -> None:
    """Write the model, then the card that names it, then drop models of this county that no card names any more."""
    folder = learnt.folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(folder / card["file"], content)
    _write(folder / f"{card['region']}.json", json.dumps(card, ensure_ascii=False, indent=1).encode())
    for other in folder.glob(f"{card['region']}-*.npz"):
        if other.name != card["file"]:
            other.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
