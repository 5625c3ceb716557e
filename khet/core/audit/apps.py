from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "khet.core.audit"
    label = "audit"

    def ready(self):
        from datetime import timedelta

        from khet.core import jobs
        from khet.core.audit.services import seal
        from khet.core.ui import navigation

        jobs.register("audit.seal", lambda: seal() and None, every=timedelta(hours=1))
        navigation.register(
            navigation.Item(
                "audit", _("Audit trail"), "history", "audit:list", permission="audit.read", order=90, group="office"
            )
        )
