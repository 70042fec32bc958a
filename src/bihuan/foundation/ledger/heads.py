"""Which rows hold the head of a chain: verification compares them with the chains themselves."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from bihuan.foundation.ledger.models import Chained

Head = tuple[UUID, int, str]
Provider = Callable[[UUID | None], Iterable[Head]]

_providers: dict[str, Provider] = {}


def register(provider: Provider, *, name: str | None = None) -> None:
    """Let `provider(stream)` yield (stream, last_seq, last_hash) of one row, or with None of every row.

    It is called inside verification's transaction, which sees all rows. Every aggregate that has facts needs one:
    a chain no provider knows is reported as `headless`. Register once, in an AppConfig's `ready()`.
    """
    _providers[name or str(getattr(provider, "__qualname__", provider))] = provider


def register_model(model: type[Chained], *, stream: str = "id") -> None:
    """Register all rows of `model`; `stream` is the field that holds the id of the row's chain."""
    register(partial(_rows, model, stream), name=model._meta.label)


def _rows(model: type[Model], stream: str, wanted: UUID | None) -> Iterator[Head]:
    rows = model._default_manager.filter(last_seq__gt=0)
    if wanted is not None:
        rows = rows.filter(**{stream: wanted})
    return rows.values_list(stream, "last_seq", "last_hash").iterator(chunk_size=5000)


def providers() -> tuple[Provider, ...]:
    """Return every registered provider."""
    return tuple(_providers.values())


def unregistered() -> list[str]:
    """Return the labels of installed Chained models that nobody registered (for the architecture test)."""
    models = [model for model in apps.get_models() if issubclass(model, Chained)]
    return [model._meta.label for model in models if model._meta.label not in _providers]
