"""How allauth behaves here: accounts are opened by the office, never by strangers."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

from khet.core.audit.services import record


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; the trail notes each sign-in."""

    def is_open_for_signup(self, request):
        return False

    def post_login(self, request, user, **kwargs):
        record("user.signed_in", user, by=user, org=user.org)
        return super().post_login(request, user, **kwargs)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An outside identity signs in to the account with its verified e-mail; it opens none."""

    def is_open_for_signup(self, request, sociallogin):
        return False
