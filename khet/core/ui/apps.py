from django.apps import AppConfig
from django.core.checks import register


class UiConfig(AppConfig):
    name = "khet.core.ui"
    label = "ui"

    def ready(self):
        from khet.core.ui.assets import assets_are_built
        from khet.core.ui.navigation import items_name_pages

        register(assets_are_built)
        register(items_name_pages)
