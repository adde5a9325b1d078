"""What `lms-sync doctor` says about a Canvas, in the words of its administrators; a few requests for each class."""

from collections.abc import Iterator, Sequence

from lms_sync.sources.canvas.answers import Enrolment, StudentProgress
from lms_sync.sources.canvas.requests import RIGHTS, Questions
from lms_sync.sources.canvas.units import Unit, learner_of, units_of
from lms_sync.sources.diagnosis import Check, check_clock, good, note, wrong
from lms_sync.sources.http.answer import WebAnswer


def check_canvas(questions: Questions, answer: WebAnswer) -> Iterator[Check]:
    """Give what Canvas's first answer tells: it was reached, it takes the token, and its clock."""
    endpoint = questions.session.endpoint
    yield good("address and token", f"{endpoint.url} takes the token")
    yield check_clock(answer, endpoint.clock.now())


def check_class(questions: Questions, course: str, title: str) -> Iterator[Check]:
    """Give what may be read of a class. Raises: HttpError for a right that is missing altogether."""
    what = f"class “{title}”"
    progress = questions.progress(course)
    yield good(what, f"progress of {len(progress)} students whose enrolment runs")
    yield from _modules(what, units_of(questions.modules(course)))
    yield from _people(what, questions.enrolments(course), source=questions.source)
    yield from _one_student(what, questions, course, progress)


def _modules(what: str, units: Sequence[Unit]) -> Iterator[Check]:
    asking = [unit for unit in units if unit.requirements]
    yield good(what, f"{len(asking)} of {len(units)} modules ask for something, so that completing them counts")
    for unit in units:
        if not unit.requirements:
            yield note(
                what, f"the module “{unit.title}” asks for nothing", "Set a requirement if it teaches a topic."
            )


def _people(what: str, enrolments: Sequence[Enrolment], *, source: str) -> Iterator[Check]:
    everybody = {enrolment.user_id: enrolment for enrolment in enrolments}.values()
    learners = [learner_of(source, enrolment, sis_is_person=True) for enrolment in everybody]
    emails = sum(bool(learner.emails) for learner in learners)
    ids = sum(bool(learner.person_id) for learner in learners)
    counts = f"{len(learners)} students, {emails} with an e-mail address, {ids} with a SIS id"
    if learners and not emails + ids:
        yield wrong(what, counts, f"Nobody can be matched. {RIGHTS}")
    else:
        yield good(what, counts)


def _one_student(
    what: str, questions: Questions, course: str, progress: Sequence[StudentProgress]
) -> Iterator[Check]:
    if not progress:
        yield note(what, "no student is enrolled now", "Nothing comes from it until somebody is.")
    elif questions.modules_of(course, progress[0].id) is None:
        yield wrong(what, "the modules of a student are refused", f"Let the user view all grades. {RIGHTS}")
    elif questions.submissions_of(course, progress[0].id) is None:
        scope = "url:GET|/api/v1/courses/:course_id/students/submissions"
        yield note(
            what,
            "Canvas hides what students were excused from, so a module may count that somebody was excused from",
            f"Let the user view all grades, and add the scope {scope}. {RIGHTS}",
        )
    else:
        yield good(what, "the modules of a student can be read")
