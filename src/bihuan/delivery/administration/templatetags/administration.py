"""Small words that templates of the administration need."""

from django import template

from bihuan.foundation.accounts import roles

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    """Return the name of a role in the reader's language."""
    return str(roles.NAMES.get(roles.Role(role), role))
