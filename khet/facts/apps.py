from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "khet.facts"
    label = "facts"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.core.changes.services import on_commit_refresh
        from khet.facts.schema import Measure, Suppression

        kind("measure", "*/measures.yaml", Measure)
        kind("suppression", "common/suppression.yaml", Suppression, many=False)
        on_commit_refresh(_refresh)


def _refresh():
    """Loads the machinery of facts at the first change, not at every start."""
    from khet.facts.services import refresh_after_commit

    refresh_after_commit()
