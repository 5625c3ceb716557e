from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgsConfig(AppConfig):
    name = "khet.core.orgs"
    label = "orgs"

    def ready(self):
        from khet.core.ui import navigation

        navigation.register(
            navigation.Item(
                "orgs",
                _("Schools and clusters"),
                "sitemap",
                "orgs:tree",
                permission="orgs.manage",
                order=70,
                group="office",
            )
        )
