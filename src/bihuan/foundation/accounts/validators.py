"""Password rules beyond Django's own (length, common passwords, likeness to the name)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import rules


class MixedPasswordValidator:
    """Wants three of four kinds of characters, or a long password (GB/T 22239-2019 §8.1.4.1: complexity)."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError if the password is too simple."""
        if flaw := rules.password_flaw(password):
            raise ValidationError(flaw, code="password_simple")

    def get_help_text(self) -> str:
        """Return the rule in one sentence, for forms."""
        return _("Mix three of: small letters, capitals, digits, signs; or use %(length)d characters or more.") % {
            "length": rules.LONG_PASSWORD
        }
