from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "khet.facts"
    label = "facts"
