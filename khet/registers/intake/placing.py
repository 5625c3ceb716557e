"""Whose a row is: the org that its code and name mean. What does not agree is asked, and its rows wait."""

import re

from khet.core.orgs.models import Kind
from khet.registers.intake.faults import ERROR, NOTE, WARNING
from khet.registers.intake.models import Batch
from khet.registers.intake.records import Records
from khet.registers.intake.targets import Context
from khet.registers.schools.matching import Matcher, alias_key, matcher, school_key


def place(records: Records, context: Context, batch: Batch) -> None:
    """Give each record its org. Names that do not fit wait for an officer: their records are held, none is lost."""
    context.orgs = [None] * len(records)
    options = records.source.options
    if records.source.target == "schools":
        return
    if options.get("org") == "office":
        context.orgs = [context.office.pk if context.office else None] * len(records)
        if context.office is None:
            records.fault(ERROR, -1, "", "office_missing")
            records.rejected.update(range(len(records)))
        return
    known = matcher(context.office, kinds=tuple(Kind) if options.get("org") == "any" else (Kind.SCHOOL, Kind.OFFICE))
    codes, names = records.column("school_code"), records.column("school_name")
    if options.get("org") == "any":
        codes, names = _code_or_name(records.column("org"), known)
    Placing(records, context, known, batch).run(codes, names)


def _code_or_name(cells: list, known: Matcher) -> tuple[list, list]:
    """A column that holds codes or names, as two."""
    codes = [cell if cell in known.by_code else None for cell in cells]
    return codes, [None if code else cell for code, cell in zip(codes, cells, strict=True)]


class Placing:
    """Matches the distinct pairs of code and name, and asks where they do not agree."""

    def __init__(self, records: Records, context: Context, known: Matcher, batch: Batch):
        self.records, self.context, self.known, self.batch = records, context, known, batch
        self.questions: dict[str, dict] = {}
        self.field = "school_name" if "school_name" in records.present else "school_code"
        if records.source.options.get("org") == "any":
            self.field = "org"

    def run(self, codes: list, names: list) -> None:
        rows: dict[tuple, list[int]] = {}
        for index, pair in enumerate(zip(codes, names, strict=True)):
            if index not in self.records.rejected:
                rows.setdefault(pair, []).append(index)
        for (code, name), indices in rows.items():
            self._place(code, name, indices)
        self._place_rejected(codes, names)
        if any(rule.check == "one_row_a_school" for rule in self.records.source.checks):
            self._tell_namesakes_apart(codes)
        self.batch.confirmations = self._merged()

    def _place(self, code, name, indices: list[int]) -> None:
        records, context = self.records, self.context
        if (about := self._reference(name)) and context.office:
            self._set(indices, context.office.pk)
            context.about.update(dict.fromkeys(indices, about))
            return
        key = f"school:{alias_key(code or '', name or '')}"
        match = self.known.match(code, name)
        org = match.org
        if org is None and key in context.answers:
            answer = context.answers[key]
            if answer is None:
                for index in indices:
                    records.fault(ERROR, index, self.field, "unknown_school", value=name or code)
                return
            org = next((o for o in self.known.by_code.values() if o.pk == answer), None)
        if org is None:
            self._ask(key, code, name, match, indices)
        elif context.scope and not org.is_under(context.scope):
            for index in indices:
                records.fault(ERROR, index, self.field, "outside_scope")
        else:
            self._set(indices, org.pk)
            if match.certainty == "similar":
                records.fault(NOTE, indices[0], self.field, "school_spelled", value=name, known=org.name)

    def _place_rejected(self, codes: list, names: list) -> None:
        """Rows that were refused belong to a school all the same: it must not lose pupils for a wrong cell."""
        for index in self.records.rejected:
            if self.context.orgs[index] is None:
                org = self.known.match(codes[index], names[index]).org
                if org is not None and (self.context.scope is None or org.is_under(self.context.scope)):
                    self.context.orgs[index] = org.pk

    def _set(self, indices: list[int], org: int) -> None:
        for index in indices:
            self.context.orgs[index] = org

    def _reference(self, name: str | None) -> str | None:
        """office or nation, when a row of a result file speaks of the whole area or country; kept with the office."""
        rules = self.records.source.options.get("references", {})
        return next((about for about, words in rules.items() if name and re.search(words, name)), None)

    def _ask(self, key: str, code, name, match, indices: list[int]) -> None:
        self.records.held.update(indices)
        known = self.known.by_code.get(code)
        arguments = {"value": name or code, "known": known.name if known else ""}
        for index in indices:
            self.records.fault(WARNING, index, self.field, "school_differs" if known else "unknown_school", **arguments)
        self.questions[key] = {
            "key": key, "kind": "school", "code": code or "", "name": name or "", "rows": len(indices),
            "row": self.records.rows[indices[0]], "score": round(match.score, 2),
            "suggestion": match.suggestion.pk if match.suggestion else None,
            "suggested": f"{match.suggestion.code} {match.suggestion.name}" if match.suggestion else "",
            "known": f"{known.code} {known.name}" if known else "",
        }  # fmt: skip

    def _tell_namesakes_apart(self, codes: list) -> None:
        """Rows that give one school twice while another of the same name has none: one of the codes is probably wrong.

        The order of the codes in the file suggests which row is whose; an officer decides.
        """
        rows_of: dict[int, list[int]] = {}
        for index in self.records.good():
            if index not in self.context.about:
                rows_of.setdefault(self.context.orgs[index], []).append(index)
        by_pk = {org.pk: org for org in self.known.by_code.values()}
        for pk, indices in rows_of.items():
            if len(indices) < 2 or pk not in by_pk:
                continue
            alike = self.known.by_key.get(school_key(by_pk[pk].name), [])
            free = [org for org in alike if org.pk != pk and org.pk not in rows_of]
            for index in indices if free else ():
                self._ask_of_row(index, [by_pk[pk], *free], codes, [self.records.rows[i] for i in indices])

    def _ask_of_row(self, index: int, candidates: list, codes: list, rows: list[int]) -> None:
        records, context = self.records, self.context
        key = f"row:{records.files[index]}:{records.sheets[index]}:{records.rows[index]}"
        if key in context.answers:
            context.orgs[index] = context.answers[key]
            if context.answers[key] is None:
                records.fault(ERROR, index, self.field, "unknown_school", value=candidates[0].name)
            return
        before = next((codes[i] for i in range(index - 1, -1, -1) if codes[i] and i not in records.held), "")
        after = next((codes[i] for i in range(index + 1, len(codes)) if codes[i]), "\uffff")
        likely = next((org for org in candidates if before < org.code < after), candidates[0])
        records.held.add(index)
        arguments = {"value": candidates[0].name, "known": ", ".join(map(str, rows)), "other": candidates[1].code}
        records.fault(WARNING, index, self.field, "namesakes", **arguments)
        self.questions[key] = {
            "key": key, "kind": "row", "code": candidates[0].code, "name": candidates[0].name, "rows": 1,
            "row": records.rows[index], "score": 0.5,
            "suggestion": likely.pk, "suggested": f"{likely.code} {likely.name}",
            "known": ", ".join(f"{org.code} {org.name}" for org in candidates),
        }  # fmt: skip

    def _merged(self) -> list[dict]:
        """The questions of this reading, and the answers given to earlier ones."""
        answered = [item for item in self.batch.confirmations if "answer" in item]
        return answered + [q for key, q in self.questions.items() if key not in {item["key"] for item in answered}]
