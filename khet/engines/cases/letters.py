"""Letters and statutory forms made from a case: the catalogue says the words, the case fills them in."""

import re
from datetime import date

from django.utils import timezone, translation

from khet.core.forms.answers import readable
from khet.core.ui.formats import be_date
from khet.engines.cases.models import Case
from khet.engines.cases.schema import Letter
from khet.kit.paper import Paper, Part, Words

BLANK = "……………………"  # what is not known is filled in by hand
# {word} of a letter's line → what it stands for; `answer.x` is what was said last of the field x
WORDS = ("number", "today", "received", "org", "office", "about", "child", "birth_date", "guardian", "subdistrict",
         "district", "province", "state", "level", "owner")  # fmt: skip
_PLACE = re.compile(r"\{([a-z_.0-9]+)\}")


def on_offer(case: Case) -> list[Letter]:
    """The letters that can be made of a case as it stands."""
    return [one for one in case.kind.letters if not one.states or case.state in one.states]


def unknown_words(letter: Letter, fields) -> set[str]:
    """Placeholders of a letter that stand for nothing."""
    texts = [letter.to, letter.number, letter.signer, *letter.lines]
    found = {word for text in texts if text for language in (text.th, text.en) for word in _PLACE.findall(language)}
    return {
        w for w in found if w not in WORDS and not (w.startswith("answer.") and w.removeprefix("answer.") in fields)
    }


def made(case: Case, letter: Letter, language: str = "th") -> Paper:
    """The letter as a paper."""
    with translation.override(language):
        words = _words(case)

        def fill(text) -> str:
            return _PLACE.sub(lambda place: words.get(place[1]) or BLANK, str(text)) if text else ""

        lines = [Words(fill(line)) for line in letter.lines]
        head = [Words(fill(letter.to), strong=True)] if letter.to else []
        foot = [Words(""), Words(fill(letter.signer) or BLANK, align="center")]
        number = fill(letter.number) if letter.number else case.number
        return Paper(
            str(letter.title), (number, words["today"]), (Part("", [*head, *lines, *foot]),), foot=case.number,
            language=language, thai_digits=language == "th",
        )  # fmt: skip


def _words(case: Case) -> dict[str, str]:
    child = case.parties.filter(role="child").first()
    guardian = case.parties.filter(role="guardian", left_at__isnull=True).first()
    details = child.details if child else {}
    born = case.person.birth_date if case.person_id else _day(details.get("birth_date"))
    said = {field.id: value for field, value in _said(case)}
    return {
        "number": case.number, "today": be_date(timezone.localdate(), "long"),
        "received": be_date(case.received_at, "long"),
        "org": case.org.full_name, "office": str(case.office), "about": case.about.full_name,
        "child": child.name if child else "", "birth_date": be_date(born, "long") if born else "",
        "guardian": guardian.name if guardian else said.get("guardian", ""),
        "subdistrict": details.get("subdistrict", "") or case.subdistrict, "district": details.get("district", ""),
        "province": details.get("province", ""), "state": str(case.stands.title),
        "level": str(case.level_of.title) if case.level_of else "", "owner": str(case.owner or ""),
    } | {f"answer.{id}": value for id, value in said.items()}  # fmt: skip


def _said(case: Case):
    for field in case.rules.fields.values():
        found = readable([field], case.known, sensitive=True)
        if found:
            yield field, found[0][1]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
