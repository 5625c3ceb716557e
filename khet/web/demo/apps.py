from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "khet.web.demo"
    label = "demo"
