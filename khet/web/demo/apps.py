from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "khet.web.demo"
    label = "demo"

    def ready(self):
        if settings.KHET_DEMO:
            from khet.core.ui import entrance

            entrance.register("demo/_accounts.html")
