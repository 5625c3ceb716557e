from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "khet.registers.figures"
    label = "figures"
