"""The encrypted details of a person in words: what each field is called, and what its code means."""

from django.utils.translation import gettext_lazy as _

from khet.core.catalogue import catalogue
from khet.core.ui.formats import number
from khet.kit.identifiers import mask

# field → its name, and the code list that names its values
_FIELDS = {
    "religion": (_("Religion"), "religions"),
    "ethnicity": (_("Ethnicity"), "nationalities"),
    "blood_group": (_("Blood group"), "blood_groups"),
    "disability": (_("Disability"), "disability_types"),
    "disability_words": (_("Disability, as the file says"), None),
    "disadvantage": (_("Disadvantage"), "disadvantage_types"),
    "disadvantage_words": (_("Disadvantage, as the file says"), None),
    "parents_status": (_("Parents"), "family_statuses"),
    "poverty_band": (_("Poverty by the screening"), "poverty_bands"),
    "pmt_score": (_("PMT score, as the centre gave it"), None),
    "poverty_round": (_("Round of the screening"), None),
    "boarding": (_("Boards at school"), None),
    "lacks_uniform": (_("Lacks a uniform"), "shortages"),
    "lacks_stationery": (_("Lacks stationery"), "shortages"),
    "lacks_books": (_("Lacks books"), "shortages"),
    "lacks_lunch": (_("Lacks lunch"), "shortages"),
    "travel": (_("Comes to school"), "travel"),
    "travel_minutes": (_("On the way, minutes"), None),
    "distance_paved": (_("Paved road, km"), None),
    "distance_unpaved": (_("Unpaved road, km"), None),
    "distance_water": (_("By water, km"), None),
    "gpa": (_("Grade point, semester"), None),
    "gpax": (_("Grade point, all"), None),
    "birth_order": (_("Child number"), None),
    "birth_province": (_("Born in the province"), None),
    "siblings_elder_brothers": (_("Elder brothers"), None),
    "siblings_younger_brothers": (_("Younger brothers"), None),
    "siblings_elder_sisters": (_("Elder sisters"), None),
    "siblings_younger_sisters": (_("Younger sisters"), None),
    "siblings_studying": (_("Brothers and sisters at school"), None),
    "first_name_en": (_("First name in English"), None),
    "last_name_en": (_("Last name in English"), None),
    "pupil_type": (_("Kind of pupil"), None),
    "prefix": (_("Prefix"), None),
    "first_name": (_("First name"), None),
    "last_name": (_("Last name"), None),
    "father_name": (_("Father"), None),
    "mother_name": (_("Mother"), None),
    "occupation": (_("Occupation"), None),
    "income": (_("Income"), None),
    "phone": (_("Phone"), None),
    "person_id": (_("13-digit ID"), None),
    "house": (_("House"), None),
    "house_code": (_("House code"), None),
    "village": (_("Village number"), None),
    "road": (_("Road"), None),
    "postcode": (_("Postcode"), None),
}
ROLES = {"father": _("Father"), "mother": _("Mother"), "guardian": _("Guardian")}


def code_words(codes: str, code: str) -> str:
    """The words of a code; the code itself where its list does not know it."""
    known = catalogue().find("codes", codes)
    entry = known.value(code) if known and code else None
    return str(entry.title) if entry else code


def in_words(details: dict) -> list[tuple[str, str]]:
    """(name, value) of each detail that is known, in our order; what we have no name for stands last under its own."""
    known = [field for field in _FIELDS if field in details]
    others = sorted(field for field in details if field not in _FIELDS)
    return [(_name(field), shown) for field in known + others if (shown := _value(field, details[field]))]


def _name(field: str) -> str:
    return str(_FIELDS[field][0]) if field in _FIELDS else field.replace("_", " ")


def _value(field: str, value) -> str:
    if value in (None, "", [], {}):
        return ""
    if field == "person_id":
        return mask(str(value))
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    if isinstance(value, int | float):
        return number(value)
    codes = _FIELDS.get(field, (None, None))[1]
    found = catalogue().find("codes", codes) if codes else None
    entry = found.value(str(value)) if found else None
    return str(entry.title) if entry else str(value)
