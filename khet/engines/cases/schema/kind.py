"""A kind of case: which workflow it runs on, who sees it, what is asked, what it gives."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from khet.core.catalogue import Citation, Dated, FullText, Strict, Text
from khet.engines.cases.schema.giving import Gift
from khet.engines.cases.schema.levels import Level, When, Word

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


# What a catalogue calls an icon, and the drawing that shows it.
DRAWINGS = {
    "chart": "chart-line", "chat": "message", "clipboard": "clipboard-text", "house": "home", "shield": "shield-check",
}  # fmt: skip


class PartyRole(Strict):
    """Somebody a case may name: victim, alleged actor, guardian, witness, agency."""

    code: Word
    title: Text
    sensitive: bool = False  # the name shows only inside the opened case, even where lists show names
    barred: bool = False  # a user who is this party can never see, handle or close the case
    counts: bool = False  # the first of them found in the register is the child by whom the case is counted


class Contact(Strict):
    """A kind of contact recorded along the way: a call, a home visit, a letter, a meeting, a screening.

    form      what is asked
    place     where it was may be kept: rounded, and encrypted
    photos    photos may be attached; their place is taken off
    offline   it may be written on a phone without a line, and is sent when there is one
    afterwards  it may be recorded once the case is closed, too
    by        roles that may record it (empty: whoever works on the case)
    """

    code: Word
    title: Text
    form: str
    place: bool = False
    photos: bool = False
    offline: bool = False
    afterwards: bool = False
    by: tuple[Word, ...] = ()
    icon: str = "phone"

    @property
    def drawing(self) -> str:
        """The name of its drawing in assets/icons.txt."""
        return DRAWINGS.get(self.icon, self.icon)


class Prompt(Strict):
    """Something the law or good practice asks for, shown until a contact of the kind `done_by` was recorded."""

    code: Word
    words: Text
    when: tuple[When, ...] = ()  # alternatives; empty: always
    states: tuple[Word, ...] = ()  # empty: in every state that is not final
    done_by: Word
    blocks: tuple[Word, ...] = ()  # moves that cannot be made before
    source: Citation | None = None
    certainty: str | None = None


class Bypass(Strict):
    """When a case passes by the school it is about: it is handled at the office, and nobody of the school sees it."""

    when: tuple[When, ...] = Field(min_length=1)
    words: Text


class Letter(Strict):
    """A letter or statutory form made from a case. `lines` may hold {placeholders}, see engines.cases.letters.WORDS."""

    code: Word
    title: Text
    number: Text | None = None
    states: tuple[Word, ...] = ()
    to: Text | None = None
    lines: tuple[Text, ...] = Field(min_length=1)
    signer: Text | None = None
    source: Citation | None = None
    certainty: str | None = None


class PublicReport(Strict):
    """The page on which anyone may begin such a case without an account.

    form     what is asked there
    answers  said of every case that begins so: {channel: web}
    by_phone what is said instead where somebody at the office wrote down what a caller told: {channel: phone}
    names    field ids that hold who reports and how to reach them: kept apart from the case
    safe     words on what happens and where to call when it is urgent
    """

    form: str
    title: Text
    intro: Text
    answers: dict[Word, str] = {}
    by_phone: dict[Word, str] = {}
    names: tuple[Word, ...] = ()
    safe: Text | None = None
    outcomes: dict[Word, Text] = {}  # {state: what the reporter reads}; a state without words shows as "in hand"


class Lesson(Strict):
    """What was learnt from a case and is shared without identity, once the case is over.

    words   field that says it
    when    answers with which it is shared
    shown   further fields that stand beside it: what it was about, at what kind of place
    """

    words: Word
    when: When
    shown: tuple[Word, ...] = ()


class Renewal(Strict):
    """Cases that are opened again when a semester begins: who was not found is looked for again."""

    states: tuple[Word, ...] = Field(min_length=1)
    move: Word
    each: Literal["semester", "academic_year"] = "semester"


class Routine(Strict):
    """A task made by itself: so many days after a case came into a state."""

    state: Word
    after_days: tuple[Annotated[int, Field(ge=0)], ...]
    words: FullText


class CaseKind(Dated):
    """An edition of a kind of case. A case keeps the edition, the workflow and the forms it began under.

    about        whom a case is about: a pupil of the register, a child of the civil-registration list, a school,
                 a member of staff, or nobody in particular
    circle       false: those with a role in `read_by` at the place that handles it, or above, see it
                 true: members only; roles of `join` at that place become members when it begins
    join         {role of the catalogue: role in the case}
    opener       role in the circle of who begins the case; without it who begins it does not see it
    may_enter    roles that may make themselves members of a circle, with a reason, and all members are told
    open_by      roles that may begin a case
    work_by      roles that may record contacts, tasks and notes (members of a circle always may)
    manage_by    roles that may assign, refer, merge, link and change the circle
    at_school    what the form says already when somebody of a school begins the case: {channel: school}
    list         id of the work-list that such cases work off; list_answers: what is said of every case begun from it
    lists        further work-lists of pupils, with what is said of every case begun from each
    shown        ids of open fields that stand in lists
    named        lists show the name of whom it is about (never in a circle)
    once         one open case a child: another is refused and the open one named
    """

    family: Word
    system: str
    since: date
    title: Text
    one: Text
    number: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    workflow: str
    list: str | None = None
    list_answers: dict[Word, str] = {}
    lists: dict[Word, dict[Word, str]] = {}
    about: Literal["pupil", "resident", "school", "staff", "nobody"]
    form: str | None = None
    at_school: dict[Word, str] = {}
    circle: bool = False
    join: dict[Word, Word] = {}
    opener: Word | None = None
    may_enter: tuple[Word, ...] = ()
    open_by: tuple[Word, ...] = Field(min_length=1)
    read_by: tuple[Word, ...] = ()
    work_by: tuple[Word, ...] = ()
    manage_by: tuple[Word, ...] = Field(min_length=1)
    shown: tuple[Word, ...] = ()
    named: bool = False
    once: bool = False
    levels: tuple[Level, ...] = ()
    lowered_by: tuple[Word, ...] = ()  # roles that may lower a level, with a reason; raising is open to who works on it
    bypass: Bypass | None = None
    parties: tuple[PartyRole, ...] = ()
    contacts: tuple[Contact, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    routines: tuple[Routine, ...] = ()
    renewal: Renewal | None = None
    letters: tuple[Letter, ...] = ()
    public: PublicReport | None = None
    lesson: Lesson | None = None
    agencies: str | None = None  # code list of those outside to whom a case may be referred
    gives: tuple[Gift, ...] = ()
    guidance: Text | None = None

    @model_validator(mode="after")
    def a_circle_has_somebody_in_it(self):
        if self.circle and not self.join:
            raise ValueError("a circle needs 'join': which roles become members when a case begins.")
        if not self.circle and not self.read_by:
            raise ValueError("name in 'read_by' the roles that see such cases, or make it a 'circle'.")
        return self

    @model_validator(mode="after")
    def codes_stand_once(self):
        for name in ("levels", "parties", "contacts", "prompts", "letters"):
            codes = [one.code for one in getattr(self, name)]
            if twice := {code for code in codes if codes.count(code) > 1}:
                raise ValueError(f"{name}: {', '.join(sorted(twice))} stands twice; each code once.")
        return self

    @model_validator(mode="after")
    def prompts_are_done_by_contacts(self):
        known = {contact.code for contact in self.contacts}
        if strange := {prompt.done_by for prompt in self.prompts} - known:
            raise ValueError(f"prompts: no contact {', '.join(sorted(strange))}. Use one of: {', '.join(known)}.")
        return self

    def level(self, code: str) -> Level | None:
        return next((one for one in self.levels if one.code == code), None)

    def prompt(self, code: str) -> Prompt | None:
        return next((prompt for prompt in self.prompts if prompt.code == code), None)

    def contact(self, code: str) -> Contact | None:
        return next((one for one in self.contacts if one.code == code), None)
