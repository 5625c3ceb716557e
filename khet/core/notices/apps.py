from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "khet.core.notices"
    label = "notices"

    def ready(self):
        from datetime import timedelta
        from functools import partial

        from khet.core import jobs
        from khet.core.audit.words import name_verbs
        from khet.core.notices.services import send_due

        name_verbs({"notices.channel_chosen": _("chose how to hear of notices")})
        jobs.register("notices.at_once", partial(send_due, "at_once"), every=timedelta(minutes=2))
        jobs.register("notices.daily", partial(send_due, "daily"), every=timedelta(days=1))
