"""Tables of the ledger. Both are append-only: see the triggers and policies in migrations/0001_initial.py."""

from django.db import models


class Chained(models.Model):
    """Base of every row whose history is a chain of facts: it carries the head of its chain.

    region: GB/T 2260 code of the place that owns the row; it never changes.
    last_seq, last_hash: number and hash of its latest fact (0 and "" before the first). `services.record` moves
    them in memory; the caller, who holds the row locked, saves them with the row's own UPDATE.
    """

    region = models.TextField()
    last_seq = models.IntegerField(default=0)
    last_hash = models.TextField(default="", blank=True)

    class Meta:
        abstract = True


class Fact(models.Model):
    """One thing that happened. `canonical` is the exact text that was hashed; the other columns only repeat it.

    position: order of insertion, not of commit (see `services.checkpoint`), and never part of the hash.
    """

    position = models.BigAutoField(primary_key=True)
    stream = models.UUIDField()
    seq = models.IntegerField()
    region = models.TextField()
    kind = models.TextField()
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    hash = models.TextField()
    canonical = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="ledger_fact_once"),
            models.CheckConstraint(condition=models.Q(seq__gt=0), name="ledger_fact_seq_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}/{self.seq} {self.kind}"


class Checkpoint(models.Model):
    """A signed statement about the heads of all chains that moved since the one before.

    since, upto: the positions looked at are those after `since` up to and including `upto`.
    settled: no fact at or below this position can be missing; the next checkpoint starts from here.
    previous: hash of the statement before ("" for the first). heads: how many facts are sealed.
    document: the exact text of the file outside the database (statement, signature, all heads).
    """

    seq = models.IntegerField(primary_key=True)
    made_at = models.DateTimeField()
    since = models.BigIntegerField()
    upto = models.BigIntegerField()
    settled = models.BigIntegerField()
    merkle_root = models.TextField()
    previous = models.TextField(blank=True)
    heads = models.IntegerField()
    signature = models.TextField()
    file_name = models.TextField(unique=True)
    document = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["upto"], name="ledger_checkpoint_upto")]

    def __str__(self) -> str:
        return self.file_name
