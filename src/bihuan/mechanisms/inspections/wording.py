"""Words of inspections for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases import wording as cases

LISTS: Mapping[str, Any] = {
    "item": _("Items"),
    "power": _("Bodies with power to check"),
    "officer": _("Certified officers"),
    "leniency": _("Lenient lists"),
    "sheltered": _("Whitelist"),
}
LISTED_STATES: Mapping[str, Any] = {
    "drafted": _("Entered, not published"),
    "published": _("Published"),
    "withdrawn": _("Withdrawn"),
}
SUBJECTS: Mapping[str, Any] = {
    "statutory": _("By statute"),
    "authorised": _("Authorised by law"),
    "entrusted": _("Entrusted in writing"),
}
LENIENT: Mapping[str, Any] = {
    "exempt": _("No penalty"),
    "first": _("No penalty the first time"),
    "mitigated": _("Penalty below the range"),
    "lighter": _("Lighter penalty"),
    "no_coercion": _("No coercive measure"),
}
MISSING: Mapping[str, Any] = {
    "first": _("not the first time"),
    "minor": _("the harm is not minor"),
    "corrected": _("not put right in time"),
}
REPAIR_STATES: Mapping[str, Any] = {
    "asked": _("Waits for guidance"),
    "guided": _("Enterprise prepares it"),
    "applied": _("Applied for"),
    "repaired": _("Repaired, to be passed on"),
    "synced": _("Repaired and passed on"),
    "withdrawn": _("Withdrawn"),
}
SEVERITIES: Mapping[str, Any] = {"minor": _("Minor"), "ordinary": _("Ordinary"), "serious": _("Serious")}
SOURCES: Mapping[str, Any] = {"typed": _("typed in"), "file": _("from a file"), "check": _("from a check")}
STANDING_STATES: Mapping[str, Any] = {
    "rated": _("Open to objection"),
    "objected": _("Objected to"),
    "settled": _("Final"),
}
KINDS: Mapping[str, Any] = {
    "planned": _("Planned check"),
    "random": _("Random check"),
    "clue": _("Check of a clue"),
    "urgent": _("Urgent check"),
}
DRAW_STATES: Mapping[str, Any] = {
    "committed": _("Seed committed to"),
    "pooled": _("Pool fixed"),
    "drawn": _("Drawn"),
    "voided": _("Voided"),
}
AGREES: Mapping[str, Any] = {
    "seed": _("The seed is the one that was committed to"),
    "pool": _("The pool is the one that was fixed before"),
    "order": _("The same enterprises come out, in the same order"),
    "officers": _("The same officers come out"),
}
TARGET_OUTCOMES: Mapping[str, Any] = {"registered": _("Will be checked"), "spared": _("Spared by the gate")}
CHECK_STATES: Mapping[str, Any] = {
    "registered": _("Waits for approval"),
    "refused": _("Refused by the gate"),
    "approved": _("Approved"),
    "arrived": _("Under way"),
    "to_review": _("To be reviewed"),
    "done": _("Done"),
    "called_off": _("Called off"),
    "lapsed": _("Nobody came"),
}
OUTCOMES: Mapping[str, Any] = {
    "fine": _("In order"),
    "advice": _("Advice given"),
    "corrected": _("Corrected on the spot"),
    "ordered": _("Ordered to put right"),
    "penalty": _("Penalty procedure"),
}
ANOMALIES: Mapping[str, Any] = {
    "unscanned": _("Arrived without the code at the door"),
    "late": _("Result or review late"),
    "unjustified": _("Could have waited"),
    "after_refusal": _("Came for a clue soon after the gate had refused"),
    "free_share": _("Many clues and emergencies"),
    "penalty_ratio": _("Far more penalties than others"),
    "bad_ratings": _("Badly rated"),
}
VERDICTS: Mapping[str, Any] = {"justified": _("It was justified"), "unjustified": _("It was not justified")}
LEVELS: Mapping[int, Any] = {int(level): word for level, word in cases.LEVELS.items()}
MARKS: Mapping[str, Any] = {
    "beyond_items": _("Looked at what was not on the notice"),
    "no_certificate": _("Did not show certificates"),
    "disturbed": _("Disturbed the work"),
    "gifts": _("Asked for or took something"),
    "boss": _("Demanded the legal representative"),
    "again": _("The same was checked before"),
    "other": _("Something else"),
}
"""Reasons for a bad rating (国办发〔2024〕54号: 八个不得)."""
REASONS: Mapping[str, tuple[Any, Any]] = {
    "no_power": (
        _("%(body)s has no published power to check."),
        _("Only bodies on the published list may check; ask one of them, or have the power published first."),
    ),
    "officers_few": (
        _("%(body)s sends %(have)d certified officers; the law asks for %(most)d."),
        _("Name at least %(most)d officers whose certificates hold on that day."),
    ),
    "officer_recused": (_("%(name)s may not check this enterprise."), _("Send another officer.")),
    "nothing_listed": (_("No item was named."), _("Choose from the published items; nothing else may be looked at.")),
    "item_unpublished": (
        _("“%(name)s” is not on the published list."),
        _("Leave it out, or have it published with its legal basis first."),
    ),
    "item_of_other": (_("“%(name)s” belongs to another body."), _("Ask that body to go along.")),
    "not_ahead": (_("A check is registered before it."), _("The first day is %(day)s; at most a year ahead.")),
    "elsewhere": (
        _("The enterprise is seated outside your region."),
        _("File it with the body there first, and say where it was filed."),
    ),
    "exempt": (
        _("Class %(grade)s is spared, and “%(name)s” is not among what is checked all the same."),
        _("Allowed: essential categories, a clue such as a complaint, an emergency."),
    ),
    "on_paper": (_("All of it can be seen on paper or in data."), _("Ask for the papers; no visit is needed.")),
    "quiet_day": (_("This is a quiet day for enterprises."), _("The next allowed day is %(day)s.")),
    "not_workday": (_("Nobody works on this day."), _("The next allowed day is %(day)s.")),
    "cap": (
        _("The yearly cap is reached: %(most)d for class %(grade)s (%(what)s), taken on %(days)s."),
        _("The next planned one is possible from %(day)s; a clue or an emergency at any time."),
    ),
    "repeat": (
        _("“%(name)s” was or will be looked at on %(on)s (%(number)s)."),
        _("Use that result, or come from %(day)s on."),
    ),
    "mergeable": (
        _("Check %(number)s comes to this enterprise on %(day)s."),
        _("Go along with it: one door, one visit, many checks."),
    ),
}
"""Reason of the gate → (what is wrong, what would be allowed)."""
PER: Mapping[str, Any] = {
    "body": _("for each body"),
    "category": _("for each category"),
    "all": _("of all bodies together"),
}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "publish": (_("Publish it"), ""),
    "withdraw": (_("Withdraw it"), _("Why")),
    "recuse": (_("Note a recusal"), _("Why this officer does not check it")),
    "object_class": (_("Object to this class"), _("What is wrong, and what shows it")),
    "uphold": (_("Uphold the objection"), _("Why, and what follows")),
    "reject": (_("Do not uphold it"), _("Why")),
    "guide": (_("Tell what is needed"), _("Which papers, until when, whom to ask")),
    "apply": (_("Apply"), _("What was put right, and what shows it")),
    "return_application": (_("Say what is missing"), _("What is missing")),
    "repair": (_("Repair it"), _("On what grounds")),
    "sync": (_("It was passed on"), _("Where, and on which day")),
    "withdraw_repair": (_("Withdraw it"), _("Why")),
    "fix_pool": (_("Fix the pool"), ""),
    "draw": (_("Reveal the seed and draw"), ""),
    "void": (_("Void the draw"), _("Why; the seed becomes public all the same")),
    "approve": (_("Approve our part"), ""),
    "arrive": (_("Arrive"), ""),
    "report": (_("Report the result"), _("What the enterprise is told")),
    "review": (_("Review it"), _("Why")),
    "call_off": (_("Call it off"), _("Why")),
}
"""Action → (button, label of its text)."""
CLOCKS: Mapping[str, Any] = {
    "inspection_report": _("result of a check"),
    "inspection_review": _("review of an urgent check"),
    "inspection_guide": _("guidance on credit repair"),
    "inspection_decide": _("decision on credit repair"),
    "inspection_sync": _("passing on of a credit repair"),
}
RULEBOOK: Mapping[str, Any] = {
    "inspections": _("Inspections of enterprises"),
    "inspections.categories": _("Categories of checks"),
    "inspections.essential": _("Checked even in the best class"),
    "inspections.rates": _("Its records count for the class"),
    "inspections.classes": _("Classes of enterprises"),
    "inspections.years": _("Years looked back"),
    "inspections.points": _("Points of a record"),
    "inspections.minor": _("Minor"),
    "inspections.ordinary": _("Ordinary"),
    "inspections.serious": _("Serious"),
    "inspections.grades": _("Classes, the best first"),
    "inspections.up_to": _("Up to so many points"),
    "inspections.exempt": _("Only essential categories are checked"),
    "inspections.caps": _("Yearly caps"),
    "inspections.per": _("Counted"),
    "inspections.most": _("Most checks a year"),
    "inspections.weight": _("Lots in a random draw"),
    "inspections.unrated": _("Class of who was never rated"),
    "inspections.object_within": _("Objection within"),
    "inspections.gate": _("The gate"),
    "inspections.officers": _("Certified officers of each body"),
    "inspections.quiet": _("Quiet days"),
    "inspections.monthly": _("Days of each month"),
    "inspections.dates": _("Days of one year"),
    "inspections.first": _("First day"),
    "inspections.last": _("Last day"),
    "inspections.repeat_days": _("The same is not looked at again for so many days"),
    "inspections.merge_days": _("Visits within so many days are merged"),
    "inspections.lapse_days": _("A check lapses so many days after its day"),
    "inspections.review_within": _("Urgent checks are reviewed within"),
    "inspections.report_within": _("Result reported within"),
    "inspections.leniency": _("Leniency"),
    "inspections.first_years": _("A first violation: none in so many years"),
    "inspections.repair": _("Credit repair"),
    "inspections.after_months": _("Earliest so many months after the record"),
    "inspections.guide_within": _("Guidance within"),
    "inspections.decide_within": _("Decision within"),
    "inspections.sync_within": _("Passed on within"),
    "inspections.anomalies": _("What stands out"),
    "inspections.free_share": _("Share of clues and emergencies above"),
    "inspections.penalty_ratio": _("Penalties, times the mean"),
    "inspections.after_refusal_days": _("A clue so many days after a refusal"),
    "inspections.ratings": _("Ratings of checks"),
    "inspections.least": _("Smallest group"),
    "inspections.bad": _("Bad from which level down"),
    "=body": _("for each body"),
    "=category": _("for each category"),
    "=all": _("of all bodies together"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""
