"""What happens to policies: facts with their wordings, and the event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Event):
    """A fact of a policy or of one of its clauses was recorded (`policies.…`), and where it then stands."""

    policy_id: uuid.UUID
    clause_id: uuid.UUID | None
    region: str
    department_id: uuid.UUID
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class MoneyUnpaid(Event):
    """What a level of government owes was not paid in time and became a matter of the register."""

    round_id: uuid.UUID
    region: str
    department_id: uuid.UUID
    level: str
    count: int
    case_id: uuid.UUID
    at: dt.datetime


WORDINGS = {
    "policies.drafted": _("{actor} began the policy {code}"),
    "policies.write_clause": _("{actor} wrote the clause “{clause}”"),
    "policies.write_guide": _("{actor} wrote the guide"),
    "policies.publish": _("{actor} published it; it is in force from {since}"),
    "policies.drop": _("{actor} dropped it: {text}"),
    "policies.end": _("{actor} ended it: {text}"),
    "policies.clause_written": _("{actor} wrote it, version {version}"),
    "policies.open_clause": _("It is open to enterprises"),
    "policies.amend": _("{actor} changed it: version {version}, from {since}"),
    "policies.close_clause": _("It was closed"),
    "policies.profile_changed": _("{actor} filled in: {fields}"),
    "policies.profile_followed": _("The directory changed: {fields}"),
    "policies.drawn": _("{actor} drew the list: {count} enterprises, {left_out} left out"),
    "policies.opened": _("{actor} opened it for applications"),
    "policies.close_intents": _("The time to refuse is over: {willing} want it, {refused} do not"),
    "policies.approve": _("{actor} decided: {count} approved, {total} yuan; public notice until {until}"),
    "policies.start_paying": _("The notice is over; to be paid until {until}"),
    "policies.finish": _("It is finished: {count} paid"),
    "policies.stop": _("{actor} stopped it: {text}"),
    "policies.payments_taken": _("{actor} took in the payments {reference}: {count} rows, {refused} refused"),
    "policies.unpaid": _("{count} unpaid after the day of {level}: became the matter {case}"),
    "policies.grant_offered": _("It was offered {amount} yuan, without an application"),
    "policies.grant_applied": _("{actor} applied for it: {amount} yuan"),
    "policies.grant_known": _("{actor} read it"),
    "policies.grant_accept": _("{actor} wants it"),
    "policies.grant_silent": _("Nobody answered; it counts as wanted"),
    "policies.grant_unanswered": _("Nobody answered; it counts as refused"),
    "policies.grant_refuse": _("{actor} does not want it: {text}"),
    "policies.grant_reject": _("{actor} rejected it: {text}"),
    "policies.grant_approved": _("It was approved: {amount} yuan"),
    "policies.grant_owe": _("The notice is over; it is due until {until}"),
    "policies.grant_paid": _("{level} paid {amount} yuan"),
    "policies.grant_confirm": _("{actor}: the money arrived"),
    "policies.grant_dispute": _("{actor}: the money did not arrive; it became the matter {case}"),
    "policies.grant_settle": _("{actor}: {text}"),
    "policies.grant_unpaid": _("{level} has not paid in time; it became the matter {case}"),
    "policies.grant_stopped": _("The delivery was stopped"),
    "policies.item_written": _("{actor} wrote the service item {code}"),
    "policies.item_edit": _("{actor} changed the draft"),
    "policies.item_publish": _("{actor} published it: {steps} steps, {papers} papers, {days} working days"),
    "policies.item_reform": _("{actor} reformed it: {text}; before: {before}; after: {after}"),
    "policies.item_withdraw": _("{actor} withdrew it: {text}"),
    "policies.paper_demanded": _("{actor} noted that “{paper}” was demanded"),
    "policies.promise_made": _("{actor} took a promise for “{paper}”, until {until}"),
    "policies.promise_supply": _("{actor}: it was kept"),
    "policies.promise_break": _("{actor}: it was broken: {text}"),
    "policies.promise_late": _("Its day passed"),
    "policies.imported": _("{actor} took in the file {name}: {taken} rows, {refused} refused"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
