from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "khet.plan"
    label = "plan"
