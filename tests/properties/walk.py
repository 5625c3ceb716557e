"""Every address of the house, and all the text an answer gives away."""

import html
import json
import re
import zipfile
from io import BytesIO
from urllib.parse import quote, quote_plus

from django.urls import NoReverseMatch, get_resolver, reverse

from khet.core.catalogue import catalogue
from tests.properties.offices import CENSUS, INDICATOR, Place

# Rooms whose addresses are those of a library: sign-in, second factor, sessions. They name nothing of an office.
LIBRARY = ("account_", "mfa_", "socialaccount_", "openid_", "usersessions_")
NOWHERE = {
    "own:welcome",
    "own:session_end",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "account_confirm_email",
    "account_reset_password_from_key",
}  # fmt: skip  their arguments are secrets or sessions of one person
LEAVES = {"account_logout"}
BY_INDICATOR = {
    "desk:indicator", "desk:indicator_schools", "desk:indicator_map", "desk:worklist", "desk:why", "desk:note_add",
    "desk:action_add", "desk:worklist_cases",
}  # fmt: skip


def names() -> dict[str, bool]:
    """{name of every address: whether it takes arguments}"""
    return dict(_walk(get_resolver().url_patterns))


def _walk(patterns, space=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            yield f"{space}{pattern.name}", bool(pattern.pattern.regex.groups)


def general() -> dict[str, list[tuple]]:
    """{name: arguments} of the addresses that name nothing of one office."""
    known = {name: [()] for name, takes in names().items() if not takes}
    sources = [(source.id,) for source in catalogue().all("source")]
    indicators = [(id,) for id in (INDICATOR, "external_assessment_good", "out_of_school", "ita_level", "dropout_rate")]
    known |= dict.fromkeys(BY_INDICATOR, indicators)
    known |= {"intake:source": sources, "intake:template": sources[:2], "desk:strategy": [(1,), (3,)]}
    known |= {"surveys:new": [(survey.id,) for survey in catalogue().all("survey")[:2]]}
    known |= {"programmes:outputs_export": [("xlsx",), ("csv",)]}
    known |= {"notices:read": [(0,)], "patterns:pattern": [("safety",)]}
    known |= {"patterns:map": [("safety",)], "patterns:map_data": [("safety",)]}
    known |= {"overviews:table": [(one.id,) for one in catalogue().all("case_table")]}
    known |= {"overviews:equity": [(one.id,) for one in catalogue().all("equity")]}
    # Whoever has a survey's address may answer it; here somebody guesses one.
    known |= {"report:report": [("nothing",)], "report:follow": [("nothing",)]}
    known |= {name: [("nothing",)] for name in ("answer:form", "answer:sheet", "answer:thanks")}
    return known | {"desk:census_round": [(CENSUS.code,)]}


def address(name: str, arguments) -> str | None:
    """The address; None for a page of a library that takes no reverse."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return None


def text_of(response) -> str:
    """All that an answer says: body (unpacked where it is an archive), headers, and escapes undone."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    text = content.decode("utf-8", "replace") + "\n" + "\n".join(f"{k}: {v}" for k, v in response.headers.items())
    if "\\u" in text:
        text += re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return html.unescape(text)


def without(text: str, *sent: str) -> str:
    """The text without what the asker sent himself: a page may say back what it was asked."""
    for word in filter(None, sent):
        for form in {word, quote(word), quote_plus(word), json.dumps(word)[1:-1]}:
            text = text.replace(form, "")
    return text


def told(text: str, places: list[Place]) -> list[str]:
    """The words and numbers of the places that stand in a text, with what stands around them."""
    found = []
    for place in places:
        for word in place.words:
            if (at := text.find(word)) >= 0:
                found.append(f"{word!r} in …{text[max(0, at - 60) : at + 60]!r}…")
        for number in place.numbers:
            if at := re.search(rf"(?<![\d,.]){number // 1000},?{number % 1000:03}(?![\d,.]*\d)", text):
                found.append(f"{number} in …{text[max(0, at.start() - 60) : at.end() + 60]!r}…")
    return found
