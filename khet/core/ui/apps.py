from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "khet.core.ui"
    label = "ui"
