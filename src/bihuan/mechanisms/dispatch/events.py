"""What happens to the dispatch catalogue: facts with their wordings."""

from django.utils.translation import gettext_lazy as _

WORDINGS = {
    "dispatch.catalogue_read": _(
        "{actor} read edition {number} of the dispatch catalogue from {file}: {entries} matters"
    ),
    "dispatch.catalogue_in_force": _("{actor} put edition {number} of the catalogue in force"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
