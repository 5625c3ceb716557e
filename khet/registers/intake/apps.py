from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "khet.registers.intake"
    label = "intake"

    def ready(self):
        from khet.core.audit.words import name_verbs
        from khet.core.catalogue import kind
        from khet.core.ui import navigation
        from khet.registers.intake.schema import Source

        kind("source", "*/sources/*.yaml", Source, many=False)
        load_files = navigation.Item(
            "import",
            _("Load files"),
            "upload",
            "intake:list",
            permission="intake.write",
            order=20,
            match=("/import/",),
            tab=2,
            key="i",
        )
        navigation.register(load_files)
        name_verbs(
            {
                "intake.read_anew": _("had a load read as another kind or day"),
                "intake.source_saved": _("named the columns of a new kind of file"),
                "intake.rejected_exported": _("downloaded rejected rows"),
                "intake.line_opened": _("opened a line of a file about a person"),
            }
        )
