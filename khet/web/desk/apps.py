from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "khet.web.desk"
    label = "desk"

    def ready(self):
        from khet.core.audit.words import name_verbs
        from khet.core.ui.navigation import Item, Search, register, register_search
        from khet.engines.assessments import offers

        read = "plan.read"
        for item in (
            Item(
                "plan",
                _("Plan"),
                "target-arrow",
                "desk:home",
                read,
                10,
                ("/strategies/", "/indicators/"),
                "plan",
                1,
                "p",
            ),
            Item("systems", _("Systems"), "sitemap", "desk:systems", read, 15, ("/tactics/",), "plan", None, "y"),
            Item("actions", _("Actions"), "clipboard-list", "desk:actions", read, 20, ("/notes/",), "plan", 2, "a"),
            Item("changes", _("What changed"), "history", "desk:changes", read, 30, (), "plan", None, "c"),
            Item("schools", _("Schools"), "school", "desk:schools", read, 10, (), "records", 3, "s"),
            Item("people", _("People"), "users", "desk:people", "people.list", 20, (), "records", 4, "u"),
            Item("quality", _("Data quality"), "list-check", "desk:quality", read, 30, (), "records", None, "q"),
            Item("census", _("Census days"), "calendar-event", "desk:census", read, 40, (), "records", None, "n"),
            Item(
                "figures",
                _("Enter figures"),
                "pencil-check",
                "desk:figures",
                "figures.write",
                50,
                (),
                "records",
                None,
                "e",
            ),
            Item("layers", _("Map layers"), "map-2", "desk:layers", "orgs.manage", 80, (), "office"),
        ):
            register(item)
        name_verbs({"resident.opened": _("opened the record of a child on the civil-registration list")})
        offers.register(_programmes)
        register_search(Search("desk:people", _("Find a person"), "people.list"))


def _programmes(viewer, org):
    from khet.web.desk.lending import programmes

    return programmes(viewer, org)
