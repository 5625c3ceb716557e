from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LogbooksConfig(AppConfig):
    name = "khet.engines.logbooks"
    label = "logbooks"

    def ready(self):
        from khet.core import activity
        from khet.core.audit.words import name_verbs
        from khet.core.catalogue import kind
        from khet.core.ui import navigation
        from khet.engines.logbooks.schema import Logbook
        from khet.engines.logbooks.words import VERBS

        kind("logbook", "*/logbook-*.yaml", Logbook, many=False)
        activity.register("logbooks", _going_on)
        name_verbs(VERBS)
        navigation.register(
            navigation.Item(
                "logbooks", _("Logbooks"), "book", "logbooks:list", permission="plan.read", order=47, group="plan"
            )
        )  # fmt: skip


def _going_on(viewer, org):
    from khet.engines.logbooks.activity import going_on

    return going_on(viewer, org)
