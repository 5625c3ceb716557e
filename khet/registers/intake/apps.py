from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "khet.registers.intake"
    label = "intake"
