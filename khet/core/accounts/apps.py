from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "khet.core.accounts"
    label = "accounts"

    def ready(self):
        from khet.core.accounts.schema import Role
        from khet.core.catalogue import kind

        kind("role", "common/roles.yaml", Role)
