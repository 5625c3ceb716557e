"""The school register: orgs, clusters and school profiles. Names change with a date; nothing closes by itself."""

from khet.core.orgs.models import Kind, Org, OrgMembership, OrgName
from khet.core.orgs.services import close_org, create_org, move_org, rename_org
from khet.kit.thai import fold
from khet.registers.intake.faults import ERROR
from khet.registers.intake.records import Records
from khet.registers.intake.targets.base import (
    SAMPLES,
    SOURCED,
    Change,
    Context,
    Difference,
    Sample,
    Target,
    Writer,
    place_of,
    snapshot,
)  # fmt: skip
from khet.registers.schools.models import School

OFFICE_NAME = "สำนักงานเขตพื้นที่การศึกษา"  # how a row of the office itself begins
UNNAMED = "สำนักงานเขตพื้นที่การศึกษา (ยังไม่ได้ตั้งชื่อ)"
PROFILE = (
    "grades", "subdistrict", "district", "province", "postcode", "latitude", "longitude", "founded",
)  # fmt: skip


class Schools(Target):
    """One row, one school; a row whose name begins as an office's is the office itself."""

    subject = "orgs"

    def compare(self, records: Records, context: Context) -> Difference:
        difference = Difference([None] * len(records), [None] * len(records), {self.subject})
        orgs = {org.code: org for org in Org.objects.select_related("parent")}
        profiles = {row[0]: row for row in School.objects.values_list("org_id", "pk", *PROFILE, *SOURCED)}
        codes, names = records.column("school_code"), records.column("school_name")
        work = {"office": self._office(records, context), "new": [], "changed": []}
        listed = set()
        for index in records.good():
            if names[index].startswith(OFFICE_NAME):
                self._compare_office(difference, records, index, context)
                continue
            org = orgs.get(codes[index])
            listed.add(codes[index])
            if org is None:
                difference.status[index] = "new"
                work["new"].append(index)
                self._sample(difference.new, index, None, names[index], [])
                continue
            if context.scope and not org.is_under(context.scope):
                records.fault(ERROR, index, "school_code", "outside_scope")
                continue
            difference.org_of[index] = org.pk
            notes = self._notes(records, index, org, profiles.get(org.pk))
            difference.status[index] = "changed" if notes else "unchanged"
            if notes:
                work["changed"].append((index, org.pk, profiles.get(org.pk)))
                self._sample(difference.changed, index, org.pk, org.name, notes)
        self._gone(difference, orgs, listed, context)
        difference.work = work
        return difference

    @staticmethod
    def _office(records: Records, context: Context) -> int | None:
        """The record that is the office's own row, if there is one."""
        names = records.column("school_name")
        return next((i for i in records.good() if names[i] and names[i].startswith(OFFICE_NAME)), None)

    def _compare_office(self, difference: Difference, records: Records, index: int, context: Context) -> None:
        code, name = records.column("school_code")[index], records.column("school_name")[index]
        office = context.office
        if office is None:
            difference.status[index] = "new"
            self._sample(difference.new, index, None, name, [])
        elif office.code != code and office.name != UNNAMED:
            records.fault(ERROR, index, "school_code", "another_office", value=name, known=office.name)
        else:
            changed = office.name != name or office.code != code
            difference.status[index] = "changed" if changed else "unchanged"
            difference.org_of[index] = office.pk
            if changed:
                self._sample(difference.changed, index, office.pk, office.name, [("name", office.name, name)])

    def _notes(self, records: Records, index: int, org: Org, profile: tuple | None) -> list[tuple]:
        """What the row says that the register does not: [(field, before, after)]."""
        notes = []
        name, name_en = records.column("school_name")[index], records.column("name_en")[index]
        if name != org.name:
            notes.append(("name", org.name, name))
        if name_en and name_en != org.name_en:
            notes.append(("name_en", org.name_en, name_en))
        cluster = records.column("cluster")[index]
        if cluster and (org.parent.kind != Kind.CLUSTER or fold(org.parent.name) != fold(cluster)):
            notes.append(("cluster", org.parent.name if org.parent.kind == Kind.CLUSTER else "", cluster))
        if profile is None:
            return [*notes, ("profile", None, "")]
        for place, field in enumerate(PROFILE):
            value = records.column(field)[index]
            if value is not None and value != profile[2 + place]:
                notes.append((field, profile[2 + place], value))
        return notes

    @staticmethod
    def _gone(difference: Difference, orgs: dict[str, Org], listed: set[str], context: Context) -> None:
        """Open schools of the office that the register no longer lists: shown, for an officer to close."""
        difference.proposed = True
        if context.office is None or not listed:
            return
        for org in orgs.values():
            if (
                org.kind == Kind.SCHOOL
                and org.closed is None
                and org.is_under(context.office)
                and org.code not in listed
            ):
                difference.gone.append(Sample(-1, org.pk, org.name, [("closed", None, context.as_of)]))

    @staticmethod
    def _sample(samples, index, org, label, notes) -> None:
        if len(samples) < SAMPLES:
            samples.append(Sample(index, org, label, notes))

    # -- writing -----------------------------------------------------------------------------------------------------

    def write(self, difference: Difference, records: Records, context: Context, writer: Writer) -> None:
        office = self._write_office(difference, records, context, writer)
        clusters = {fold(org.name): org for org in Org.objects.filter(kind=Kind.CLUSTER, parent=office)}
        rows = []
        for index in difference.work["new"]:
            parent = self._cluster(records, index, office, clusters, context, writer) or office
            org = create_org(
                Kind.SCHOOL, records.column("school_code")[index], records.column("school_name")[index], parent,
                by=context.by, name_en=records.column("name_en")[index] or "", since=None,
            )  # fmt: skip
            self._journal_org(writer, org)
            difference.org_of[index] = org.pk
            rows.append((org.pk, *self._profile(records, index), *place_of(records, index)))
        changes = []
        for index, org_id, profile in difference.work["changed"]:
            org = Org.objects.select_related("parent").get(pk=org_id)
            self._change_org(org, records, index, office, clusters, context, writer)
            if profile is None:
                rows.append((org_id, *self._profile(records, index), *place_of(records, index)))
                continue
            before, origin = tuple(profile[2 : 2 + len(PROFILE)]), tuple(profile[2 + len(PROFILE) :])
            said = [records.column(name)[index] for name in PROFILE]
            after = tuple(b if a is None else a for b, a in zip(before, said, strict=True))
            if after != before:
                changes.append(Change(profile[1], before, after, origin, place_of(records, index)))
        writer.insert(School, ["org_id", *PROFILE], rows)
        writer.change(School, PROFILE, changes)
        self._close(context, writer)

    def _write_office(self, difference, records, context, writer) -> Org:
        index, office = difference.work["office"], context.office
        code = records.column("school_code")[index] if index is not None else None
        name = records.column("school_name")[index] if index is not None else UNNAMED
        if office is None:
            office = create_org(Kind.OFFICE, code or self._office_code(records), name, by=context.by)
            self._journal_org(writer, office)
            context.office = office
        elif index is not None and difference.status[index] == "changed":
            before, names = snapshot(office), {n: snapshot(n) for n in office.names.all()}
            if office.code != code:
                office.code = code
                office.save(update_fields=["code"])
            rename_org(office, name, by=context.by, on=context.as_of)
            self._journal_rename(writer, office, before, names)
        if index is not None:
            difference.org_of[index] = office.pk
        return office

    @staticmethod
    def _office_code(records: Records) -> str:
        """A code for an office whose own row is missing: its schools' first four digits, as offices are numbered."""
        first = next((code for code in records.column("school_code") if code), "0000")
        return f"{first[:4]}0000"

    @staticmethod
    def _profile(records: Records, index: int) -> tuple:
        cells = {name: records.column(name)[index] for name in PROFILE}
        return (
            cells["grades"] or [], *((cells[name] or "")[:80] for name in ("subdistrict", "district", "province")),
            (cells["postcode"] or "")[:5], cells["latitude"], cells["longitude"], cells["founded"],
        )  # fmt: skip

    def _cluster(self, records, index, office, clusters, context, writer) -> Org | None:
        """The cluster a row names, created when it is new."""
        name = records.column("cluster")[index]
        if not name:
            return None
        if (found := clusters.get(fold(name))) is None:
            number = Org.objects.filter(kind=Kind.CLUSTER, parent=office).count() + 1
            while Org.objects.filter(code=f"{office.code}-C{number}").exists():
                number += 1
            found = create_org(Kind.CLUSTER, f"{office.code}-C{number}", name, office, by=context.by)
            self._journal_org(writer, found)
            clusters[fold(name)] = found
        return found

    def _change_org(self, org, records, index, office, clusters, context, writer) -> None:
        name = records.column("school_name")[index]
        name_en = records.column("name_en")[index] or org.name_en
        if (name, name_en) != (org.name, org.name_en):
            before, names = snapshot(org), {n: snapshot(n) for n in org.names.all()}
            rename_org(org, name, by=context.by, on=context.as_of, name_en=name_en)
            self._journal_rename(writer, org, before, names)
        parent = self._cluster(records, index, office, clusters, context, writer)
        if parent and parent.pk != org.parent_id:
            before = snapshot(org)
            places = {m: snapshot(m) for m in org.memberships.all()}
            move_org(org, parent, by=context.by, on=context.as_of)
            writer.replaced(org, before)
            self._journal_dated(writer, org.memberships, places)

    def _close(self, context: Context, writer: Writer) -> None:
        """Close the schools whose closure an officer has confirmed."""
        for key, answer in context.answers.items():
            if not key.startswith("close:") or answer is None:
                continue
            org = Org.objects.filter(pk=int(key.removeprefix("close:")), closed__isnull=True).first()
            if org is None:
                continue
            before = snapshot(org)
            names = {n: snapshot(n) for n in org.names.all()}
            places = {m: snapshot(m) for m in org.memberships.all()}
            close_org(org, by=context.by, on=context.as_of)
            writer.replaced(org, before)
            self._journal_dated(writer, org.names, names)
            self._journal_dated(writer, org.memberships, places)

    @staticmethod
    def _journal_org(writer: Writer, org: Org) -> None:
        writer.created(org, *OrgName.objects.filter(org=org), *OrgMembership.objects.filter(org=org))

    def _journal_rename(self, writer: Writer, org: Org, before: dict, names: dict) -> None:
        writer.replaced(org, before)
        self._journal_dated(writer, org.names, names)

    @staticmethod
    def _journal_dated(writer: Writer, rows, before: dict) -> None:
        """Journal what a service of the orgs did to dated rows: ended ones changed, new ones created."""
        known = {thing.pk: snap for thing, snap in before.items()}
        for thing in rows.all():
            if thing.pk in known:
                writer.replaced(thing, known[thing.pk])
            else:
                writer.created(thing)
