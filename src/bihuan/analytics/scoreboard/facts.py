"""What is written into the ledger about editions and exclusions, and how it reads."""

from django.utils.translation import gettext_lazy as _

WORDINGS = {
    "scoreboard.edition_drafted": _("{actor} drafted the scoreboard of {month}, version {version}"),
    "scoreboard.edition_sent": _("{actor} sent the scoreboard of {month} to the units to check, until {check_until}"),
    "scoreboard.edition_remarked": _("{actor} remarked for {unit}: {text}"),
    "scoreboard.edition_answered": _("{actor} answered the remark of {unit}: {text}"),
    "scoreboard.edition_published": _("{actor} published the scoreboard of {month}; content {sha256}"),
    "scoreboard.edition_taken_back": _("{actor} took the scoreboard of {month} back: {reason}"),
    "scoreboard.edition_frozen": _("{actor} froze the scoreboard of {month}; content {sha256}"),
    "scoreboard.exclusion_proposed": _("{actor} proposes to leave {case} out of {index}: {reason}"),
    "scoreboard.exclusion_granted": _("{actor} left {case} out of {index}: {reason}"),
    "scoreboard.exclusion_refused": _("{actor} keeps {case} in {index}: {reason}"),
    "scoreboard.exclusion_end_proposed": _("{actor} proposes to count {case} in {index} again: {reason}"),
    "scoreboard.exclusion_ended": _("{actor} counts {case} in {index} again: {reason}"),
    "scoreboard.exclusion_kept": _("{actor} keeps {case} out of {index}: {reason}"),
    "scoreboard.exclusion_rated_anew": _("{case} was rated anew and counts in {index} again"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
