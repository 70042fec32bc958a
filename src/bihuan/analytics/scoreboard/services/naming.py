"""Names that departments bore: the directory knows the present one only."""

import datetime as dt
import uuid

from bihuan.foundation.kernel import answers, database

from ..models import FormerName


def keep_name(*, department_id: uuid.UUID, name: str, now: dt.datetime) -> None:
    """Remember that a department bore `name` until today."""
    with database.writing():
        FormerName.objects.get_or_create(department=department_id, name=name, until=answers.local_date(now))
