"""Tags of intake: `{% load intake %}`."""

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def qr_code(address: str, label: str, millimetres: float = 40.0) -> SafeString:
    """Draw the code of an address as wide as said, black on white in every theme, with a name for screen readers."""
    code = segno.make(address, error="m", micro=False)
    border = 3
    drawn = code.svg_inline(
        scale=round(millimetres / (code.symbol_size(border=0)[0] + 2 * border), 3),
        border=border,
        unit="mm",
        light="#fff",
    )
    return format_html('<span class="d-inline-block" role="img" aria-label="{}">{}</span>', label, SafeString(drawn))
