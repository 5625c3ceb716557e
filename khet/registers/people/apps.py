from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "khet.registers.people"
    label = "people"
