from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "khet.web.setup"
    label = "setup"
