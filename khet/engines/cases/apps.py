from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "khet.engines.cases"
    label = "cases"

    def ready(self):
        from datetime import timedelta

        from khet.core import activity, jobs
        from khet.core.audit import veils
        from khet.core.audit.words import name_verbs
        from khet.core.catalogue import kind
        from khet.core.notices.topics import name_topics
        from khet.core.ui import navigation
        from khet.engines.cases.models import Case, Party
        from khet.engines.cases.schema import CaseKind
        from khet.engines.cases.words import VERBS
        from khet.engines.cases.worked import Example
        from khet.registers.linkage import merging

        kind("case_kind", "*/case-*.yaml", CaseKind, many=False)
        kind("case_example", "*/examples/case-*.yaml", Example)
        name_verbs(VERBS)
        veils.register("cases.case", _seen_by)
        merging.follows(Case, subject="cases")
        merging.follows(Party)
        veils.register("files.storedfile", _files_seen_by)
        name_topics({"cases": _("Cases: new ones, steps, overdue ones, referrals")})
        activity.register("cases", _going_on)
        jobs.register("cases.watch", _watch, every=timedelta(minutes=5))
        navigation.register(
            navigation.Item(
                "cases", _("Cases"), "inbox", "cases:inbox", permission="cases.take_part", order=15, group="records",
                tab=2, key="k",
            )
        )  # fmt: skip


def _going_on(viewer, org):
    from khet.engines.cases.activity import going_on

    return going_on(viewer, org)


def _seen_by(viewer):
    from khet.engines.cases.models import Case

    return Case.objects.visible_to(viewer)


def _files_seen_by(viewer):
    """Every stored file but those of cases the viewer does not see."""
    from khet.core.files.models import StoredFile
    from khet.engines.cases.models import Attachment

    kept = Attachment.objects.exclude(case__in=_seen_by(viewer).order_by()).order_by()
    return StoredFile.objects.exclude(pk__in=kept.values("file"))


def _watch():
    from khet.engines.cases.services.watching import watch

    return watch()
