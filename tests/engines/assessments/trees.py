"""Small frameworks written in the test that uses them."""

import yaml

from khet.engines.assessments.schema import Framework

HEAD = {
    "id": "trial", "family": "trial", "system": "iqa", "source": "made up", "certainty": "design",
    "title": {"th": "ทดลอง", "en": "Trial"}, "edition": {"th": "1", "en": "1"}, "target": "school",
    "period": "academic_year",
    "scales": [
        {"id": "four", "title": {"th": "สี่ระดับ", "en": "Four"},
         "options": [{"code": str(n), "title": {"th": str(n), "en": str(n)}, "points": n} for n in (1, 2, 3, 4)]},
        {"id": "ja", "title": {"th": "มี", "en": "There"},
         "options": [{"code": "no", "title": {"th": "ไม่", "en": "No"}, "points": 0},
                     {"code": "yes", "title": {"th": "มี", "en": "Yes"}, "points": 1}]},
        {"id": "hundred", "title": {"th": "ร้อย", "en": "Hundred"}, "minimum": 0, "maximum": 100},
    ],
    "scale": "four",
}  # fmt: skip


def leaf(id, **others):
    return {"id": id, "title": {"th": id, "en": id}, **others}


def branch(id, gather, *children, **others):
    return {"id": id, "title": {"th": id, "en": id}, "gather": gather, "criteria": list(children), **others}


def tree(*criteria, **others) -> Framework:
    """A framework of the criteria given."""
    return Framework.model_validate(HEAD | {"criteria": list(criteria)} | others)


def levels(*pairs):
    """Levels from best to lowest: ("good", {"at_least": 3}), ("poor", {})."""
    return [{"code": code, "title": {"th": code, "en": code}, "when": when} for code, when in pairs]


def from_yaml(text: str) -> Framework:
    return Framework.model_validate(HEAD | yaml.safe_load(text))
