from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "khet.core.files"
    label = "files"

    def ready(self):
        from datetime import timedelta

        from khet.core import jobs
        from khet.core.audit.words import name_verbs
        from khet.core.files.services import erase_removed

        name_verbs(
            {
                "file.kept": _("attached a file"),
                "file.removed": _("removed a file"),
                "file.restored": _("put back a file"),
                "file.erased": _("erased removed files"),
            }
        )
        jobs.register("files.erase_removed", erase_removed, every=timedelta(days=1))
