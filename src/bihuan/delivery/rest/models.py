"""What the API remembers of requests: the answers given under an Idempotency-Key."""

from django.db import models

from bihuan.foundation.kernel.ids import uuid7


class GivenAnswer(models.Model):
    """The answer to one POST, kept so that the same request asked again changes nothing and hears the same.

    principal: a keyed mark of who asked (a person, the holder of a code, or an address). fingerprint: SHA-256 of
    method, address and body. body: address and content of the answer, encrypted, since it may carry a follow-up code;
    `location` stays empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    principal = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    location = models.CharField(max_length=200, blank=True, default="")
    body = models.BinaryField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "rest_given_answer"
        constraints = [models.UniqueConstraint(fields=["principal", "key"], name="rest_answer_once")]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"
