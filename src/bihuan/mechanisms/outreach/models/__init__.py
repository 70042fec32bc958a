"""Tables of outreach. Ratings are never read by the rated side: see the walls in migrations."""

from .campaigns import Campaign, CampaignDay, CampaignMatter
from .codes import KINDS, OPEN_FOLLOWS, Code, FollowUp, Prompt, Rating, Scan
from .visits import COUNTED, VISIT_KINDS, Photo, PhotoPlace, Report, Team, Visit, VisitPlan

__all__ = [
    "COUNTED",
    "KINDS",
    "OPEN_FOLLOWS",
    "VISIT_KINDS",
    "Campaign",
    "CampaignDay",
    "CampaignMatter",
    "Code",
    "FollowUp",
    "Photo",
    "PhotoPlace",
    "Prompt",
    "Rating",
    "Report",
    "Scan",
    "Team",
    "Visit",
    "VisitPlan",
]
