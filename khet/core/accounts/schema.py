"""The shape of `common/roles.yaml`."""

from typing import Literal

from khet.core.catalogue import Sourced, Text

Permission = Literal[
    "plan.read", "plan.write", "intake.write", "figures.write", "people.list", "people.open", "people.sensitive",
    "users.manage", "audit.read", "notes.write", "catalogue.write", "orgs.manage", "public", "assess.fill",
    "assess.review", "assess.manage", "assess.persons", "surveys.read", "surveys.run", "programmes.run",
    "programmes.take_part", "cases.take_part", "absences.write",
]  # fmt: skip


class Role(Sourced):
    """What a kind of post may do, at the org where it is granted and at every org below.

    at            kinds of org at which it can be granted
    mfa           a second factor is asked before records of persons open
    home          the page the holder lands on: director | planner | school
    """

    title: Text
    summary: Text
    at: tuple[Literal["ministry", "office", "cluster", "school"], ...]
    permissions: tuple[Permission, ...]
    mfa: bool = False
    home: Literal["director", "planner", "school"] = "planner"
