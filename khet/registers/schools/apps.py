from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "khet.registers.schools"
    label = "schools"
