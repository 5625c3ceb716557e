from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "khet.engines.surveys"
    label = "surveys"

    def ready(self):
        from khet.core import activity, jobs
        from khet.core.audit.words import name_verbs
        from khet.core.catalogue import kind
        from khet.core.notices.topics import name_topics
        from khet.core.ui import navigation
        from khet.engines.surveys.schema import Survey, SurveyExample
        from khet.engines.surveys.services.rounds import close_due

        activity.register("surveys", _going_on)
        kind("survey", "*/survey-*.yaml", Survey, many=False)
        kind("survey_example", "*/examples/survey-*.yaml", SurveyExample)
        jobs.register("surveys.close_due", close_due, every=timedelta(hours=1))
        navigation.register(
            navigation.Item(
                "surveys",
                _("Surveys"),
                "clipboard-text",
                "surveys:list",
                permission="plan.read",
                order=50,
                match=("/surveys/",),
                group="plan",
                key="w",
            )
        )
        name_topics({"surveys": _("Surveys")})
        name_verbs(
            {
                "survey.opened": _("opened a survey"),
                "survey.sizes_set": _("said how many people a survey asks"),
                "survey.codes_made": _("made one-time codes"),
                "survey.end_moved": _("moved the last day of a survey"),
                "survey.closed": _("closed a survey"),
                "survey.discarded": _("threw a survey away"),
                "survey.formula_chosen": _("chose a formula"),
                "survey.reminded": _("reminded staff of a survey"),
                "survey.exported": _("exported results of a survey"),
            }
        )


def _going_on(viewer, org):
    from khet.engines.surveys.activity import going_on

    return going_on(viewer, org)
