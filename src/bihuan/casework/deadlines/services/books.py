"""The clocks of one subject while something happens to it: read once, under lock, and written back once, at the end."""

import contextlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar

from django.db import IntegrityError
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import database, errors

from ..models import Clock, ClockState
from . import timers

_NAMES = [field.attname for field in Clock._meta.concrete_fields]
_COLUMNS = ", ".join(str(field.column) for field in Clock._meta.concrete_fields)
_KIND, _CYCLE, _STATE = (_NAMES.index(name) for name in ("kind", "cycle", "state"))
_READ = f"select {_COLUMNS} from deadlines_clock where subject = %s order by id for update"  # noqa: S608


class Book:
    """What is known of the clocks of `subject`, and what is still to be written. Reads when first asked."""

    def __init__(self, subject: uuid.UUID) -> None:
        self.subject = subject
        self._open: list[Clock] | None = None
        self._cycles: dict[str, int] = {}
        self._changed: dict[uuid.UUID, Clock] = {}
        self._new: list[Clock] = []

    def open_clocks(self) -> list[Clock]:
        """Return the clocks that are not stopped, oldest first, those just started among them."""
        if self._open is None:
            rows = database.fetch(_READ, [self.subject])
            self._open = [Clock.from_db("default", _NAMES, row) for row in rows if row[_STATE] != ClockState.STOPPED]
            for row in rows:
                self._cycles[row[_KIND]] = max(row[_CYCLE], self._cycles.get(row[_KIND], 0))
        return [clock for clock in (*self._open, *self._new) if clock.state != ClockState.STOPPED]

    def next_cycle(self, kind: str) -> int:
        """Return the number of the next cycle of `kind`, whatever the part."""
        self.open_clocks()
        return 1 + self._cycles.get(kind, 0)

    def changed(self, clock: Clock) -> None:
        """Have a clock of `open_clocks` written."""
        if clock not in self._new:
            self._changed[clock.id] = clock

    def start(self, clocks: Sequence[Clock]) -> None:
        """Have new clocks written."""
        self._new += clocks

    def write(self) -> None:
        """Write everything; nothing where nothing happened."""
        if self._changed or self._new:
            write(changed=list(self._changed.values()), new=self._new)


_books: ContextVar[Mapping[uuid.UUID, Book]] = ContextVar("bihuan_clock_books", default={})  # noqa: B039 -- never changed


@contextlib.contextmanager
def together(*, subject: uuid.UUID) -> Iterator[Book]:
    """Let everything that happens to the clocks of `subject` inside the block share one read and one write.

    The write comes when the block ends; what would be refused then (Conflict `clock_running`) is refused there.
    """
    books = _books.get()
    if subject in books:
        yield books[subject]
        return
    with database.writing():
        book = Book(subject)
        token = _books.set({**books, subject: book})
        try:
            yield book
        finally:
            _books.reset(token)
        book.write()


def open_book(subject: uuid.UUID) -> Book | None:
    """Return the book of `subject`, if everything about it is being written together."""
    return _books.get().get(subject)


def write(*, changed: Sequence[Clock] = (), new: Sequence[Clock] = ()) -> None:
    """Write clocks and timers. Raises Conflict `clock_running`."""
    try:
        timers.write(changed=changed, new=new)
    except IntegrityError as error:
        if "deadlines_clock_cycle" in str(error) or "deadlines_clock_one_open" in str(error):
            raise errors.Conflict(_("This clock is running already"), code="clock_running") from error
        raise
