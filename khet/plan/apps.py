from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanConfig(AppConfig):
    name = "khet.plan"
    label = "plan"

    def ready(self):
        from khet.core.audit.words import name_verbs
        from khet.core.changes.services import on_commit_refresh
        from khet.core.ui import navigation
        from khet.engines.programmes import plan_items
        from khet.insight.indicators import judging

        documents = navigation.Item(
            "plan-documents",
            _("Plan documents"),
            "book",
            "plan:overview",
            permission="plan.write",
            order=60,
            group="office",
            match=("/plan/",),
            key="d",
        )
        navigation.register(documents)
        name_verbs(
            {
                "action.dropped": _("dropped an action"),
                "plan.system_decided": _("said which system carries a tactic"),
            }
        )
        judging.register(_judge)
        plan_items.register(_lend)
        # Facts stand before this room in INSTALLED_APPS, so they are fresh when this is called.
        on_commit_refresh(_follow)


def _lend(viewer, org):
    from khet.plan.lending import items

    return items(viewer, org)


def _judge(viewer, org, values):
    from khet.plan.judging import judge

    return judge(viewer, org, values)


def _follow():
    """Loads the machinery of values at the first change, not at every start."""
    from khet.plan.services.moves import follow_after_commit

    follow_after_commit()
