from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EarlyWarningConfig(AppConfig):
    name = "khet.insight.earlywarning"
    label = "earlywarning"

    def ready(self):
        from datetime import timedelta

        from khet.core import activity, jobs
        from khet.core.audit.words import name_verbs
        from khet.core.catalogue import kind
        from khet.core.ui import navigation
        from khet.insight.earlywarning.schema import Examples, WarningRules

        kind("warning", "*/warning-*.yaml", WarningRules, many=False)
        kind("warning_example", "*/examples/warnings.yaml", Examples)
        navigation.register(
            navigation.Item(
                "warning",
                _("Early warning"),
                "bell",
                "earlywarning:schools",
                permission="people.open",
                order=25,
                match=("/early-warning/",),
                key="w",
            )
        )
        activity.register("earlywarning", _going_on)
        jobs.register("earlywarning.reminders", _remind, every=timedelta(days=1))
        jobs.register("earlywarning.retention", _forget, every=timedelta(days=1))
        name_verbs(
            {
                "warning.run_started": _("had the early-warning list made"),
                "warning.run_done": _("made the early-warning list"),
                "warning.opened": _("opened a pupil from the early-warning list"),
                "warning.overruled": _("overruled a warning"),
                "warning.restored": _("took back the overruling of a warning"),
                "warning.acted": _("recorded what was done after a warning"),
                "warning.ended": _("recorded how it went after a warning"),
                "warning.exported": _("downloaded the early-warning list"),
                "warning.lists_deleted": _("deleted old early-warning lists"),
                "warning.followups_deleted": _("deleted old records of what was done after warnings"),
            }
        )


def _going_on(viewer, org):
    from khet.insight.earlywarning.activity import going_on

    return going_on(viewer, org)


def _remind():
    from khet.insight.earlywarning.services import remind_due

    return remind_due()


def _forget():
    from khet.insight.earlywarning.services import forget_due

    return forget_due()
