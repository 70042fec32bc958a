"""The one table of the kernel."""

from django.db import models


class Throttle(models.Model):
    """How full a limit is for one key (see `throttle.py`). Unlogged: no disk write to wait for, empty after a crash."""

    key = models.CharField(max_length=40, primary_key=True)
    full_until = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kernel_throttle"

    def __str__(self) -> str:
        return self.key
