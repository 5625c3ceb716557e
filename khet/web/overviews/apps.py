from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OverviewsConfig(AppConfig):
    name = "khet.web.overviews"
    label = "overviews"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.core.ui.navigation import Item, register
        from khet.web.overviews.schema import CaseTable, Equity

        kind("case_table", "*/table-*.yaml", CaseTable, many=False)
        kind("equity", "*/equity.yaml", Equity, many=False)
        register(Item("overviews", _("Case overviews"), "list-details", "overviews:all", "plan.read", 28))
