from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "khet.web.desk"
    label = "desk"
