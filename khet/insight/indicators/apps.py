from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "khet.insight.indicators"
    label = "indicators"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.insight.indicators.lists import register_all
        from khet.insight.indicators.schema import Example, Indicator

        kind("indicator", "*/indicators.yaml", Indicator, editions=True)
        kind("example", "*/examples/indicators.yaml", Example)
        register_all()
