"""What happens to a letter, as the ledger keeps it and as a trace reads it."""

from django.utils.translation import gettext_lazy as _

WORDINGS = {
    "documents.letter_issued": _("{actor} issued letter {number} to {addressee}"),
    "documents.letter_signed": _("{department} signed for the letter {number}"),
    "documents.letter_received": _("{actor} signed for letter {number}"),
    "documents.letter_replied": _("{actor} replied to letter {number}"),
    "documents.reply_returned": _("{actor} sent the reply to letter {number} back"),
    "documents.letter_written_off": _("{actor} wrote letter {number} off"),
    "documents.letter_withdrawn": _("{actor} withdrew letter {number}; its number is not used again"),
    "documents.letter_reopened": _("{actor} opened letter {number} again"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
