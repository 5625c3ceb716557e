from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "khet.registers.progress"
    label = "progress"
