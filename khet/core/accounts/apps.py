from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "khet.core.accounts"
    label = "accounts"
