"""How allauth behaves here: accounts are opened by the office, never by strangers; secrets lie encrypted."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

from khet.core.accounts.middleware import watch
from khet.core.accounts.models import User, system_user
from khet.core.audit.services import record
from khet.kit.secrets import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; the trail notes each sign-in, each refused one and each new password."""

    def is_open_for_signup(self, request):
        return False

    def post_login(self, request, user, **kwargs):
        record("user.signed_in", user, by=user, org=user.org)
        watch(request)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request, **credentials):
        """Only for names we know: people type passwords into the field for the name."""
        known = User.objects.people().by_login(credentials.get("username") or credentials.get("email") or "")
        if known:
            record("user.sign_in_refused", known, by=system_user(), org=known.org)

    def set_password(self, user, password):
        super().set_password(user, password)
        if user.must_change_password:
            user.must_change_password = False
            user.save(update_fields=["must_change_password"])
        record("user.password_changed", user, by=user, org=user.org)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An outside identity signs in to the account with its verified e-mail; it opens none."""

    def is_open_for_signup(self, request, sociallogin):
        return False


class MFAAdapter(DefaultMFAAdapter):
    """The secrets of authenticator apps and recovery codes lie encrypted with the installation's keys."""

    def encrypt(self, text: str) -> str:
        return base64.b85encode(encrypt(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b85decode(encrypted_text))
