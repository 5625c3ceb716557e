"""The tree of orgs as arrays, as it stood at the end of any period."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from hashlib import blake2b

import numpy as np

from khet.core.orgs.models import Org, OrgMembership
from khet.facts.manifest import Manifest
from khet.kit.home import room

# From the root down; a parent's kind always stands before its child's.
KINDS = ("ministry", "office", "cluster", "school")
SCHOOL = KINDS.index("school")
_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()


def write(before: Manifest) -> str:
    """The file that holds the tree of today and its past; the one there is when nothing is different."""
    orgs = list(Org.objects.order_by("pk").values_list("pk", "code", "kind", "name", "name_en", "opened", "closed"))
    place = {pk: index for index, (pk, *_rest) in enumerate(orgs)}
    memberships = OrgMembership.objects.order_by("org_id", "pk").values_list("org_id", "parent_id", "since", "until")
    content = {
        "orgs": [[*rest, _iso(opened), _iso(closed)] for _pk, *rest, opened, closed in orgs],
        "memberships": [
            [place[org], place[parent], _iso(since), _iso(until)] for org, parent, since, until in memberships
        ],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    name = f"tree-{blake2b(text, digest_size=8).hexdigest()}.json"
    if name != before.tree:
        aside = room("facts") / f"{name}.new"
        aside.write_bytes(text)
        aside.replace(room("facts") / name)
    return name


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True, eq=False)
class Tree:
    """Every org there ever was, by its place in the arrays.

    opened, closed   as day numbers; since and until of a membership too
    """

    codes: list[str]
    kinds: np.ndarray
    names: list[tuple[str, str]]
    opened: np.ndarray
    closed: np.ndarray
    child: np.ndarray
    parent: np.ndarray
    since: np.ndarray
    until: np.ndarray

    @cached_property
    def index(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def _standing(self) -> dict:
        return {}

    def at(self, day: date) -> "Standing":
        """The organisation of a day (a period's last)."""
        if day not in self._standing:
            if len(self._standing) > 200:
                self._standing.clear()
            self._standing[day] = _standing(self, day.toordinal())
        return self._standing[day]


@dataclass(frozen=True, eq=False)
class Standing:
    """Who stood under whom on a day.

    parents   place of the parent; -1 at a root
    is_open   orgs that existed on the day
    """

    tree: Tree
    parents: np.ndarray
    is_open: np.ndarray

    @cached_property
    def above(self) -> list[np.ndarray]:
        """For each step upwards the place reached, -1 beyond the root; the first is the org itself."""
        steps = [np.arange(len(self.parents))]
        while (steps[-1] >= 0).any() and len(steps) <= len(KINDS):
            last = steps[-1]
            steps.append(np.where(last >= 0, self.parents[last], -1))
        return steps

    @cached_property
    def families(self) -> list["Family"]:
        """Orgs with those directly below them, kind by kind from the clusters up; no kind that has none."""
        of_kind = [np.flatnonzero(self.tree.kinds == kind) for kind in range(SCHOOL - 1, -1, -1)]
        return [_family(self.parents, nodes) for nodes in of_kind if len(nodes)]

    def under(self, org: int) -> np.ndarray:
        """True for an org and all below it."""
        return np.logical_or.reduce([step == org for step in self.above])

    def schools(self, org: int) -> np.ndarray:
        """Places of the schools at or below an org that existed on the day."""
        return np.flatnonzero(self.under(org) & self.is_open & (self.tree.kinds == SCHOOL))

    def of_kind(self, org: int, kind: str) -> np.ndarray:
        """Places of the orgs of a kind at or below an org that existed on the day."""
        return np.flatnonzero(self.under(org) & self.is_open & (self.tree.kinds == KINDS.index(kind)))

    def children(self, org: int) -> np.ndarray:
        """Places of the orgs directly below an org that existed on the day."""
        return np.flatnonzero((self.parents == org) & self.is_open)


@dataclass(frozen=True, eq=False)
class Family:
    """Orgs of one kind, and each with those directly below it.

    nodes   places of the orgs
    member  places of what makes them up, one org after another: itself and its children
    head    per member: it is the org itself
    first   per org: where its members begin
    """

    nodes: np.ndarray
    member: np.ndarray
    head: np.ndarray
    first: np.ndarray


def _family(parents: np.ndarray, nodes: np.ndarray) -> Family:
    child = np.flatnonzero((parents >= 0) & np.isin(parents, nodes))
    member, of = np.concatenate([nodes, child]), np.concatenate([nodes, parents[child]])
    order = np.argsort(of, kind="stable")  # an org stands before its children
    member, of = member[order], of[order]
    return Family(nodes, member, member == of, np.flatnonzero(np.diff(of, prepend=-1)))


def _standing(tree: Tree, day: int) -> Standing:
    """The membership in force on the day; of a closed org its last one; of an org to come its first.

    So what a school recorded before it closed still counts for the office it stood under.
    """
    in_force = (tree.since <= day) & (day < tree.until)
    ended = tree.until <= day
    # The best row of each child sorts last: in force, else the latest that ended, else the earliest to come.
    rank = np.where(in_force, 3 * _LAST, np.where(ended, _LAST + tree.until, _LAST - tree.since))
    order = np.lexsort((rank, tree.child))
    parents = np.full(len(tree.codes), -1)
    parents[tree.child[order]] = tree.parent[order]  # of repeated places the last one written stays
    return Standing(tree, parents, (tree.opened <= day) & (day < tree.closed))


def load(manifest: Manifest) -> Tree:
    """The tree of a state of the facts; an empty one before the first build."""
    return _load(str(manifest.folder / manifest.tree)) if manifest.tree else _EMPTY


@lru_cache(maxsize=8)
def _load(path: str) -> Tree:
    with open(path, encoding="utf-8") as file:
        return _tree(**json.load(file))


def _tree(orgs, memberships) -> Tree:
    codes, kinds, names, names_en, opened, closed = zip(*orgs, strict=True) if orgs else [()] * 6
    child, parent, since, until = zip(*memberships, strict=True) if memberships else [()] * 4
    return Tree(
        codes=list(codes),
        kinds=np.array([KINDS.index(kind) for kind in kinds], dtype=np.int8),
        names=list(zip(names, names_en, strict=True)),
        opened=_days(opened, _FIRST),
        closed=_days(closed, _LAST),
        child=np.array(child, dtype=np.int64),
        parent=np.array(parent, dtype=np.int64),
        since=_days(since, _FIRST),
        until=_days(until, _LAST),
    )


def _days(texts, empty: int) -> np.ndarray:
    return np.array([date.fromisoformat(text).toordinal() if text else empty for text in texts], dtype=np.int64)


_EMPTY = _tree([], [])
