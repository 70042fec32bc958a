"""The language of an answer: what the caller asks for, else what the person chose, else the installation's."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from bihuan.foundation.accounts.permissions import Reader


def choose(request: HttpRequest, reader: Reader | None) -> str:
    """Return the language code for the answer, from `Accept-Language`, the person, or the settings."""
    for wanted, _weight in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")):
        if wanted == "*":
            break
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return reader.language if reader and reader.language else settings.LANGUAGE_CODE
