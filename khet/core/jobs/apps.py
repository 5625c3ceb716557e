from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "khet.core.jobs"
    label = "jobs"
