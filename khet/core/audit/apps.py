from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "khet.core.audit"
    label = "audit"

    def ready(self):
        from khet.core.ui import navigation

        navigation.register(
            navigation.Item(
                "audit", _("Audit trail"), "history", "audit:list", permission="audit.read", order=90, group="office"
            )
        )
