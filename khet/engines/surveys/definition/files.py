"""Where the form of a survey lies, and the form itself, read once a version."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.core.cache import cache

from khet.core.catalogue import catalogue
from khet.core.catalogue.loader import folders
from khet.engines.surveys.definition.form import Form, FormFault

KEPT = 30 * 24 * 3600  # seconds


def form_of(survey) -> Form:
    """The form of a survey edition. Raises FormFault when there is none or it cannot be read."""
    path = path_of(survey)
    return _read(path, path.stat().st_mtime_ns)


def path_of(survey) -> Path:
    """The file beside the survey's own: the office's before the one that comes with Khet."""
    origin = catalogue().origin.get(("survey", survey.id), "")
    beside = Path(*Path(origin).parts[1:]).parent if origin else Path(survey.system or "")
    for folder in reversed(folders()):
        if (path := folder / beside / survey.form).is_file():
            return path
    raise FormFault([f"{beside / survey.form}: there is no such file; put the form beside the survey."])


def fingerprint(survey) -> str:
    """A word that changes when the edition or its form does; "" while the form is not there."""
    try:
        content = path_of(survey).read_bytes()
    except FormFault:
        return ""
    return hashlib.sha256(survey.model_dump_json().encode() + content).hexdigest()[:32]


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Form:
    """Kept between processes: pyxform takes a second to load, which the first respondent should not wait for."""
    key = f"survey-form-{_code()}-{hashlib.sha256(path.read_bytes()).hexdigest()[:32]}{path.suffix}"
    form = cache.get(key)
    if form is None:
        form = _reader(path.suffix)(path)
        cache.set(key, form, KEPT)
    return form


def _reader(suffix: str):
    if suffix == ".json":
        from khet.engines.surveys.definition.surveyjs import read
    else:
        from khet.engines.surveys.definition.xlsform import read
    return read


@lru_cache(maxsize=1)
def _code() -> str:
    """A word for the code that reads forms: what another version kept is not taken."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
