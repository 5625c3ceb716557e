from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "khet.core.notices"
    label = "notices"

    def ready(self):
        from datetime import timedelta
        from functools import partial

        from khet.core import jobs
        from khet.core.notices.services import send_due

        jobs.register("notices.at_once", partial(send_due, "at_once"), every=timedelta(minutes=2))
        jobs.register("notices.daily", partial(send_due, "daily"), every=timedelta(days=1))
