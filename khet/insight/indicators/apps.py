from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "khet.insight.indicators"
    label = "indicators"
