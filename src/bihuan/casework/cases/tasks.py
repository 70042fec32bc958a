"""Jobs of the cases."""

import uuid

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services


@app.task(name="cases.move_to_rulebook", lock="cases.move_to_rulebook")
def move_to_rulebook(version_id: str, actor_id: str | None) -> None:
    """Move the open cases that a version governs to it, each in a transaction of its own; repeating it does no harm."""
    version, actor = uuid.UUID(version_id), uuid.UUID(actor_id) if actor_id else None
    after: uuid.UUID | None = None
    while found := services.to_move(version_id=version, after=after, now=clock.now(), limit=500):
        for case_id in found:
            services.move_to_rulebook(case_id=case_id, version_id=version, actor_id=actor, now=clock.now())
        after = found[-1]
