from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "khet.core.orgs"
    label = "orgs"
