from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanConfig(AppConfig):
    name = "khet.plan"
    label = "plan"

    def ready(self):
        from khet.core.ui import navigation

        navigation.register(navigation.Item(
            "plan-documents", _("Plan documents"), "book", "plan:overview", permission="plan.write", order=60, group="office",
            match=("/plan/",), key="d",
        ))  # fmt: skip
