"""Facts travel up: a context publishes what happened, others react in the same transaction.

A handler's error propagates to the publisher and rolls everything back; slow work is deferred to the job queue,
which rolls back with the transaction too. Subscriptions are made once, in an AppConfig's `ready()`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of every event: a frozen fact in the past tense, made of ids and plain values only."""


Handler = Callable[[Any], None]
_handlers: dict[type[Event], list[Handler]] = defaultdict(list)


class OutsideTransaction(RuntimeError):
    """An event was published outside a transaction: its consequences could not roll back with their cause."""


def subscribe(event_type: type[Event], handler: Handler) -> None:
    """Call `handler(event)` for each published event of exactly `event_type`, in the publisher's transaction."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def publish(event: Event) -> None:
    """Run the handlers of `event` now, in order of subscription. Raises OutsideTransaction without a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(type(event).__name__)
    for handler in _handlers.get(type(event), ()):
        handler(event)


def subscriptions() -> dict[type[Event], tuple[Handler, ...]]:
    """Return the map event → handlers, for the generated reference."""
    return {event_type: tuple(handlers) for event_type, handlers in _handlers.items()}
