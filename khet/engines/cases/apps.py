from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "khet.engines.cases"
    label = "cases"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.engines.cases.schema import CaseKind
        from khet.engines.cases.worked import Example

        kind("case_kind", "*/case-*.yaml", CaseKind, many=False)
        kind("case_example", "*/examples/case-*.yaml", Example)
