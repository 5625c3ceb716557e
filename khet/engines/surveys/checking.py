"""What surveys of the catalogue say of their forms and measures, and whether their worked examples hold."""

from collections.abc import Iterator

from khet.core.catalogue import Catalogue, Fault
from khet.engines.surveys.definition.files import form_of
from khet.engines.surveys.definition.form import Form, FormFault
from khet.engines.surveys.gives import taken
from khet.engines.surveys.schema import Survey, SurveyExample
from khet.engines.surveys.scoring import Ballot, Points, estimate, points, scale_of


def problems(catalogue: Catalogue) -> list[Fault]:
    """Every fault of surveys and their examples; [] when all is well."""
    found = []
    for survey in catalogue.all("survey"):
        found += [Fault(_file(catalogue, "survey", survey.id), survey.id, text) for text in _survey(survey, catalogue)]
    for example in catalogue.all("survey_example"):
        if text := fault(example, catalogue):
            found.append(Fault(_file(catalogue, "survey_example", example.id), example.id, text))
    return found


def _file(catalogue: Catalogue, kind: str, id: str) -> str:
    return catalogue.origin.get((kind, id), kind)


def _survey(survey: Survey, catalogue: Catalogue) -> Iterator[str]:
    for one in survey.gives:
        if catalogue.find("measure", one.measure) is None:
            yield f"gives: '{one.measure}' is no measure. Add it to measures.yaml."
    try:
        form = form_of(survey)
    except FormFault as error:
        yield from error.faults
        return
    yield from _questions(survey, form)
    if survey.groups and survey.groups.question:
        yield from _group_question(survey, form)


def _questions(survey: Survey, form: Form) -> Iterator[str]:
    for part in survey.dimensions:
        for name in part.questions:
            if name not in form.questions:
                yield f"dimensions.{part.id}: '{name}' is no question of the form."
            elif form.section_of[name].repeats:
                yield f"dimensions.{part.id}: '{name}' stands in a repeated section and cannot be scored."
            elif scale_of(survey, form.questions[name]) is None:
                yield f"dimensions.{part.id}: '{name}' has no scale; give points to its options."
        for name in set(part.reversed) - set(part.questions):
            yield f"dimensions.{part.id}: reversed: '{name}' is not among its questions."
    for one in survey.gives:
        if one.question and one.question not in form.questions:
            yield f"gives {one.measure}: '{one.question}' is no question of the form."
        for code in one.codes:
            if one.question in form.questions and code not in form.questions[one.question].codes:
                yield f"gives {one.measure}: '{code}' is no option of '{one.question}'."


def _group_question(survey: Survey, form: Form) -> Iterator[str]:
    question = form.questions.get(survey.groups.question)
    if question is None or question.kind != "choice" or not question.required:
        yield f"groups: '{survey.groups.question}' must be a required question with one choice."
        return
    if missing := set(question.codes) - {group.code for group in survey.groups.of}:
        yield f"groups: the options {', '.join(sorted(missing))} of '{question.id}' are no groups; name them."


def fault(example: SurveyExample, catalogue: Catalogue) -> str | None:
    """What does not hold of a worked example, or None."""
    survey = catalogue.find("survey", example.survey)
    if survey is None:
        return f"'{example.survey}' is no survey."
    try:
        form = form_of(survey)
        page, ballots = _given(example, survey, form)
    except (FormFault, KeyError) as error:
        return f"cannot be worked out: {error}"
    if wrong := sorted(set(example.scores) - {formula.id for formula in survey.formulas}):
        return f"'{wrong[0]}' is no formula of the survey."
    for formula in survey.formulas:
        if formula.id in example.scores:
            score = estimate(formula, page, example.sizes).score
            if (text := _differs(formula.id, example.scores[formula.id], score)) is not None:
                return text
    values = {
        (one.gives.measure, one.group): one.value for one in taken(survey, form, [ballots], example.sizes, small=1)
    }
    totals: dict[str, float | None] = {}
    for (measure, _), value in values.items():
        totals[measure] = value if totals.get(measure) is None else totals[measure] + (value or 0)
    for measure, value in example.gives.items():
        if (text := _differs(measure, value, totals.get(measure))) is not None:
            return text
    return None


def _differs(name: str, expected: float | None, got: float | None) -> str | None:
    same = expected is None and got is None
    if expected is not None and got is not None:
        same = abs(expected - got) < 0.005
    words = ["no value" if one is None else f"{one:.4g}" for one in (expected, got)]
    return None if same else f"{name}: expected {words[0]}, worked out {words[1]}"


def _given(example: SurveyExample, survey: Survey, form: Form) -> tuple[Points, list[Ballot]]:
    """The example's answers; counts stand for that many people who answered the first scored question so."""
    if example.counts:
        first = survey.dimensions[0].questions[0]
        scale = scale_of(survey, form.questions[first])
        codes = {f"{worth:g}": code for code, worth in scale.points.items()}
        ballots = [Ballot({first: codes[worth]}) for worth, times in example.counts.items() for _ in range(times)]
    else:
        ballots = [
            Ballot(_known(row.get("answers", {}), form), row.get("group", ""))
            for row in example.answers
            for _ in range(row.get("times", 1))
        ]
    return points(survey, form, ballots), ballots


def _known(answers: dict, form: Form) -> dict:
    if strange := sorted(set(answers) - set(form.questions)):
        raise KeyError(f"'{strange[0]}' is no question of the form")
    return {name: value if isinstance(value, list) else str(value) for name, value in answers.items()}
