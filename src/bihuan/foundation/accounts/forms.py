"""Forms of the login pages that do more than allauth's own."""

import time
from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import login

CODE_LIFE = 180
"""Seconds for which a used code is remembered: longer than any code is valid, clock drift included."""


class _Counted:
    """Counts wrong codes with the wrong passwords, and takes each code once: in the database, for all processes."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """Return the code. Raises ValidationError if it is wrong, spent, or the account is locked just now."""
        request = context.request
        who = {"username": self.user.username}
        if not AxesProxyHandler.is_allowed(request, who):
            raise forms.ValidationError(_("Too many attempts; please wait a little."))
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            self._spend(code)
        except forms.ValidationError:
            AxesProxyHandler.user_login_failed(sender=type(self), credentials=who, request=request)
            login.note(request, "second_factor_failed", self.user, success=False)
            raise
        return code

    def _spend(self, code: str) -> None:
        """Remember a code of the authenticator app as used. Raises ValidationError if it was used before."""
        if self.authenticator.type != Authenticator.Type.TOTP:
            return
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=self.authenticator.pk)
            oldest = time.time() - CODE_LIFE
            spent = {used: at for used, at in row.data.get("spent", {}).items() if at > oldest}
            if code in spent:
                raise forms.ValidationError(_("This code was used already; please wait for the next one."))
            row.data["spent"] = spent | {code: time.time()}
            row.save(update_fields=["data"])


class SecondFactorForm(_Counted, AuthenticateForm):  # type: ignore[misc]
    """Asks for the second factor while logging in."""


class SecondFactorAgainForm(_Counted, ReauthenticateForm):  # type: ignore[misc]
    """Asks for the second factor before something delicate."""
