"""Where the form of a survey lies, and the form itself, read once a version."""

from functools import lru_cache
from pathlib import Path

from khet.core.catalogue import catalogue
from khet.core.catalogue.loader import folders
from khet.engines.surveys.definition.form import Form, FormFault


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


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Form:
    # Looked up when a form is needed: pyxform takes a while to load, and most pages need no form.
    if path.suffix == ".json":
        from khet.engines.surveys.definition.surveyjs import read
    else:
        from khet.engines.surveys.definition.xlsform import read
    return read(path)
