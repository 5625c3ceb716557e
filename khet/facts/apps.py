from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "khet.facts"
    label = "facts"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.facts.schema import Measure, Suppression

        kind("measure", "*/measures.yaml", Measure)
        kind("suppression", "common/suppression.yaml", Suppression, many=False)
