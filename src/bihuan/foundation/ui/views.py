"""The gallery: every component in every state, for developers. It does not exist in production."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bihuan.foundation.ui import gallery

SHOWN_IN = ("demo", "test")


def show_gallery(request: HttpRequest, page: str = "kit") -> HttpResponse:
    """Show one page of the gallery. Raises Http404 outside demo and test mode, and for an unknown page."""
    if settings.MODE not in SHOWN_IN or page not in gallery.PAGES:
        raise Http404
    return render(request, f"ui/gallery/{page}.html", {"frame": gallery.SampleFrame(request), **gallery.content(page)})


# What the door reads (accounts.permissions.allow), which this layer may not import.
show_gallery.allowed = frozenset({"anyone"})  # type: ignore[attr-defined]
