from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "khet.engines.assessments"
    label = "assessments"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.engines.assessments.schema import CommonScale, Example, Framework

        kind("scale", "common/scales.yaml", CommonScale)
        kind("framework", "*/framework-*.yaml", Framework, many=False)
        kind("framework_example", "*/examples/framework-*.yaml", Example)
