from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "khet.registers.residents"
    label = "residents"
