"""Short notices that pass: attached to an answer of htmx, shown by bh.js."""

import json

from django.http import HttpResponse


def attach(
    response: HttpResponse, message: str, *, kind: str = "ok", undo_url: str = "", close: bool = False
) -> HttpResponse:
    """Make the page show `message` when `response` arrives, and return the response.

    kind: "ok" passes by itself, "bad" stays until closed. undo_url: a POST there takes it back. close: also close the
    dialog the request came from. Texts are plain; the page never reads them as markup.
    """
    events: dict[str, object] = {"bh:toast": {"message": str(message), "kind": kind, "undo": undo_url}}
    if close:
        events["bh:close"] = {}
    # A header carries ASCII only; JSON escapes do the rest.
    response["HX-Trigger"] = json.dumps(events)
    return response
