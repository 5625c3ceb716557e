from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "khet.engines.programmes"
    label = "programmes"

    def ready(self):
        from datetime import timedelta

        from khet.core import activity, jobs
        from khet.core.audit.words import name_verbs
        from khet.core.catalogue import kind
        from khet.core.ui import navigation
        from khet.engines.programmes.expiry import look_round
        from khet.engines.programmes.schema import Programme
        from khet.engines.programmes.words import VERBS
        from khet.engines.programmes.worked import Example

        activity.register("programmes", _going_on)
        kind("programme", "*/programme-*.yaml", Programme, many=False)
        kind("programme_example", "*/examples/programme-*.yaml", Example)
        name_verbs(VERBS)
        jobs.register("programmes.expiring", look_round, every=timedelta(days=1))
        navigation.register(
            navigation.Item(
                "programmes", _("Programmes"), "route", "programmes:list", permission="plan.read", order=45,
                group="plan",
            )
        )  # fmt: skip


def _going_on(viewer, org):
    from khet.engines.programmes.activity import going_on

    return going_on(viewer, org)
