from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatternsConfig(AppConfig):
    name = "khet.web.patterns"
    label = "patterns"

    def ready(self):
        from khet.core.ui import navigation

        navigation.register(
            navigation.Item(
                "patterns", _("Patterns"), "chart-bar", "patterns:list", permission="cases.take_part", order=17,
                group="records", when=_overlooks,
            )
        )  # fmt: skip
        navigation.register(
            navigation.Item(
                "lessons", _("Lessons"), "book", "patterns:lessons", permission="cases.take_part", order=18,
                group="records",
            )
        )  # fmt: skip


def _overlooks(viewer) -> bool:
    from khet.web.patterns.queries import kinds

    return bool(kinds(viewer))
