from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "khet.core.changes"
    label = "changes"
