"""What intake keeps of its own: answers to forms that were sent, so that sending twice raises once."""

from django.db import models


class SentForm(models.Model):
    """One form that raised a matter. Neither mark nor answer can be read without the key that the sender's page holds.

    mark: digest of that key and of what was said. sealed: number, code and case of the matter, encrypted under the key.
    """

    mark = models.CharField(max_length=64, primary_key=True)
    sealed = models.BinaryField()
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "intake_sent_form"

    def __str__(self) -> str:
        return self.mark
