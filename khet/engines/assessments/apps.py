from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "khet.engines.assessments"
    label = "assessments"

    def ready(self):
        from datetime import timedelta

        from khet.core import activity, jobs
        from khet.core.audit.words import name_verbs
        from khet.core.catalogue import kind
        from khet.core.ui import navigation
        from khet.engines.assessments.schema import CommonScale, Example, Framework

        activity.register("assessments", _going_on)
        kind("scale", "common/scales.yaml", CommonScale)
        kind("framework", "*/framework-*.yaml", Framework, many=False)
        kind("framework_example", "*/examples/framework-*.yaml", Example)
        page, read = "assessments:list", "plan.read"
        navigation.register(
            navigation.Item("assessments", _("Assessments"), "list-check", page, read, 40, (), "plan", None, "v")
        )
        jobs.register("assessments.links", _watch, every=timedelta(hours=1))
        jobs.register("assessments.reminders", _remind, every=timedelta(days=1))
        name_verbs(VERBS)


def _going_on(viewer, org):
    from khet.engines.assessments.activity import going_on

    return going_on(viewer, org)


def _watch():
    from khet.engines.assessments.services.watching import watch

    return watch()


def _remind():
    from khet.engines.assessments.services.reminding import remind_due

    return remind_due()


VERBS = {
    "round.prepared": _("prepared a round of assessment"),
    "round.changed": _("changed a round of assessment"),
    "round.targets_added": _("added what is judged"),
    "round.target_removed": _("took out what was to be judged"),
    "round.opened": _("opened a round of assessment"),
    "round.closed": _("closed a round of assessment"),
    "round.locked": _("locked results"),
    "round.unlocked": _("unlocked results"),
    "round.reminded": _("reminded those whose part is open"),
    "round.exported": _("exported results"),
    "round.load_checked": _("checked a spreadsheet of results"),
    "round.load_written": _("wrote results from a spreadsheet"),
    "round.load_undone": _("undid results from a spreadsheet"),
    "assessment.rated": _("answered a criterion"),
    "assessment.answered": _("answered questions of an assessment"),
    "assessment.calculated": _("took over numbers from Khet"),
    "assessment.sent": _("sent an assessment for review"),
    "assessment.returned": _("returned an assessment for correction"),
    "assessment.reviewed": _("finished a review"),
    "assessment.appealed": _("appealed against a result"),
    "assessment.decided": _("decided an appeal"),
    "assessment.signed": _("signed a result off"),
    "assessment.locked": _("locked a result"),
    "assessment.assigned": _("named who judges"),
    "assessment.unassigned": _("took a name off who judges"),
    "assessment.printed": _("made a report or letter of a result"),
    "evidence.added": _("added evidence"),
    "evidence.used": _("used evidence again"),
    "evidence.unused": _("took evidence off a criterion"),
    "evidence.removed": _("took evidence out of the library"),
    "improvement.added": _("planned an improvement"),
    "improvement.done": _("finished an improvement"),
    "improvement.dropped": _("dropped an improvement"),
    "improvement.reopened": _("opened an improvement again"),
    "improvement.followed_up": _("followed an improvement up"),
}
