from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SetupConfig(AppConfig):
    name = "khet.web.setup"
    label = "setup"

    def ready(self):
        from khet.core.ui import navigation

        navigation.register(
            navigation.Item(
                "setup", _("Set-up"), "list-check", "setup:begin", permission="users.manage", order=95, group="office"
            )
        )
