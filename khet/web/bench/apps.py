from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "khet.web.bench"
    label = "bench"
