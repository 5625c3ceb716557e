from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "khet.core.accounts"
    label = "accounts"

    def ready(self):
        from allauth.mfa import signals

        from khet.core.accounts import factors
        from khet.core.accounts.schema import Role
        from khet.core.catalogue import kind
        from khet.core.ui import navigation
        from khet.kit.secrets import also_rotate

        kind("role", "common/roles.yaml", Role)
        also_rotate("second factors", factors.rotate)
        signals.authenticator_added.connect(factors.note_added)
        signals.authenticator_removed.connect(factors.note_removed)
        navigation.register(
            navigation.Item(
                "users", _("Users"), "users", "accounts:list", permission="users.manage", order=80, group="office"
            )
        )
