from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "khet.insight.indicators"
    label = "indicators"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.engines.assessments import figures
        from khet.insight.indicators.lists import register_all
        from khet.insight.indicators.schema import Example, Indicator

        kind("indicator", "*/indicators.yaml", Indicator, editions=True)
        kind("example", "*/examples/indicators.yaml", Example)
        register_all()
        figures.register(_lend)


def _lend(viewer, org, which, period):
    """Loads the machinery of values at the first question, not at every start."""
    from khet.insight.indicators.lent import lend

    return lend(viewer, org, which, period)
