from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassroomConfig(AppConfig):
    name = "khet.web.classroom"
    label = "classroom"

    def ready(self):
        from khet.core.audit.words import name_verbs
        from khet.core.catalogue import kind
        from khet.core.ui.navigation import Item, register
        from khet.web.classroom.schema import Classroom

        kind("classroom", "*/classroom.yaml", Classroom, many=False)
        register(
            Item(
                "classroom", _("My class"), "users-group", "classroom:rooms", "absences.write", 5, (), "records", 2, "m"
            )
        )
        name_verbs(
            {
                "roll.called": _("called the roll of a class"),
                "roll.taken_back": _("took back the roll of a class"),
                "class.screened": _("screened a class"),
            }
        )
