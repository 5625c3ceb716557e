from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def _judges_pairs(viewer) -> bool:
    """Whether the viewer opens records for a whole office: who does so at a school alone judges no pairs."""
    return any("people.open" in grant.permissions and grant.org.kind != "school" for grant in viewer.grants)


class LinkageConfig(AppConfig):
    name = "khet.registers.linkage"
    label = "linkage"

    def ready(self):
        from khet.core.audit.words import name_verbs
        from khet.core.ui import navigation

        navigation.register(
            navigation.Item(
                "linkage",
                _("Matching"),
                "users",
                "linkage:queue",
                permission="people.open",
                order=26,
                match=("/linkage/",),
                key="m",
                when=_judges_pairs,
            )
        )
        name_verbs(
            {
                "linkage.matched": _("matched lists"),
                "linkage.pair_opened": _("opened a pair of records"),
                "linkage.judged": _("judged a pair of records"),
                "linkage.confirmed": _("confirmed a match"),
                "linkage.rejected": _("rejected a match"),
                "linkage.reopened": _("took a decision on a match back"),
                "linkage.merged": _("merged two records"),
                "linkage.unmerged": _("separated two merged records"),
                "linkage.confirmed_all": _("confirmed all sure matches"),
            }
        )
