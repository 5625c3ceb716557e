from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BehindConfig(AppConfig):
    name = "khet.web.behind"
    label = "behind"

    def ready(self):
        from khet.core.activity import register as tell
        from khet.core.audit.words import name_verbs
        from khet.core.catalogue import kind
        from khet.core.ui.navigation import Item, register
        from khet.web.behind.activity import going_on
        from khet.web.behind.schema import Behind

        kind("behind", "*/behind-*.yaml", Behind, many=False)
        register(Item("behind", _("Fell behind"), "trending-down", "behind:places", "people.open", 27))
        tell("behind", going_on)
        name_verbs({"behind.opened": _("opened the list of pupils who fell behind")})
