"""What happens in simulated accountability: facts with their wordings. Nothing of it is told to other contexts."""

from django.utils.translation import gettext_lazy as _

WORDINGS = {
    "accountability.applied": _("{actor} applied in writing: {text}"),
    "accountability.take_on": _("{actor} took it on: {text}"),
    "accountability.turn_away": _("{actor} did not accept it: {text}"),
    "accountability.split": _("{actor} put down a responsibility of {unit}, {section}: {text}"),
    "accountability.strike": _("{actor} struck a responsibility out: {text}"),
    "accountability.state_side": _("{actor} stated the side of the unit: {text}"),
    "accountability.find": _("{actor} gave the finding report: {text}"),
    "accountability.rectify": _("{actor} reported what was put right: {text}"),
    "accountability.return_report": _("{actor} sent the report back: {text}"),
    "accountability.visit": _("{actor} went back to see: {text}"),
    "accountability.write_off": _("{actor} wrote it off: {text}"),
    "accountability.refer": _("{actor} referred it to real accountability: {text}"),
    "accountability.late": _("A time limit ran out: {clock}"),
    "accountability.sign_seen": _("An early sign was seen ({kind})"),
    "accountability.explain": _("{actor} explained: {text}"),
    "accountability.dismiss": _("{actor} found nothing in it: {text}"),
    "accountability.take_further": _("It became part of an application"),
    "accountability.relieve": _("{actor} proposed: {text}"),
    "accountability.grant": _("{actor} granted it: {text}"),
    "accountability.refuse": _("{actor} refused it: {text}"),
    "accountability.round_opened": _("{actor} opened the round “{title}”"),
    "accountability.check_self": _("{actor} answered for {body}"),
    "accountability.close_round": _("{actor} closed the round"),
    "accountability.point_opened": _("{actor} set up the observation point {title}"),
    "accountability.appoint": _("{actor} appointed an observer"),
    "accountability.release": _("{actor} released an observer"),
    "accountability.close_point": _("{actor} closed the observation point: {text}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
