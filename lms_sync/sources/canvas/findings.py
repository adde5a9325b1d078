"""What a person must look at in what Canvas told of one class tonight. Pure."""

from collections.abc import Iterator, Mapping

from lms_sync.model.finding import Area, Finding
from lms_sync.sources.canvas.units import ClassAnswers
from lms_sync.sources.canvas.view import NOTHING_VISIBLE, OPEN


def findings_of(answers: ClassAnswers) -> tuple[Finding, ...]:
    """Return what concerns the class as a whole."""
    found = [
        *_asking_for_nothing(answers),
        *_nothing_visible(answers),
        *_nobody_identified(answers),
        *_hidden(answers),
    ]
    found += [_excused_hidden(answers)] if not answers.tells_excused else []
    return tuple(found)


def _asking_for_nothing(answers: ClassAnswers) -> Iterator[Finding]:
    for unit in answers.units:
        completed = sum(_is_done(student.units.get(unit.id, "")) for student in answers.students)
        if completed and not unit.requirements:
            yield Finding(
                Area.SOURCE,
                "module-without-requirements",
                f"{answers.url}, module {unit.id} “{unit.title}”",
                f"Canvas calls it completed for {completed} learners, and it asks nothing of anybody",
                "a requirement in each module that teaches a topic",
                "If it teaches a topic, ask the class's teacher to set a requirement (view, score at least, …). As it"
                " is, it counts for nothing.",
                source=answers.source,
                subject=f"{answers.url}, module {unit.id}",
            )


def _is_done(value: str) -> bool:
    return bool(value) and value not in OPEN


def _nothing_visible(answers: ClassAnswers) -> Iterator[Finding]:
    for unit in answers.units:
        count = sum(student.units.get(unit.id) == NOTHING_VISIBLE for student in answers.students)
        if not count or not unit.requirements:
            continue
        drafts = unit.drafts == unit.requirements
        yield Finding(
            Area.SOURCE,
            "module-nothing-visible",
            f"{answers.url}, module {unit.id} “{unit.title}”",
            f"Canvas calls it completed for {count} learners who can see nothing that it requires: its items are "
            + ("not published" if drafts else "assigned to others"),
            "required items that the learners can see",
            (
                "Ask the class's teacher to publish them."
                if drafts
                else "If these learners are to take it, ask the"
                " class's teacher to assign its items to them (item → Assign To)."
            )
            + " It counts for nothing as it is.",
            source=answers.source,
            subject=f"{answers.url}, module {unit.id}",
        )


def _excused_hidden(answers: ClassAnswers) -> Finding:
    return Finding(
        Area.SOURCE,
        "excused-hidden",
        answers.url,
        "Canvas hides what students were excused from, so a module may count that somebody was excused from",
        "a token that may read submissions",
        "Let the token's user view all grades, and add url:GET|/api/v1/courses/:course_id/students/submissions to the"
        " scopes of the developer key (docs/canvas.md).",
        source=answers.source,
    )


def _nobody_identified(answers: ClassAnswers) -> Iterator[Finding]:
    identified = any(student.learner.person_id or student.learner.emails for student in answers.students)
    if answers.students and not identified:
        yield Finding(
            Area.SOURCE,
            "nobody-identified",
            answers.url,
            f"none of its {len(answers.students)} learners has an e-mail address or an id that we may use",
            "e-mail addresses, logins or SIS ids beside the names",
            "Give the token's user the rights to see them (docs/canvas.md); nobody can be matched without.",
            source=answers.source,
        )


def _hidden(answers: ClassAnswers) -> Iterator[Finding]:
    hidden = [s.progress for s in answers.students if s.hidden and s.progress and not s.progress.complete]
    count = sum(progress.requirement_completed_count > 0 for progress in hidden)
    if count:
        yield Finding(
            Area.SOURCE,
            "units-hidden",
            answers.url,
            f"{count} learners have completed units that Canvas does not report, because their enrollment has ended",
            "units pulled while the enrolment runs",
            "Ask the class's teacher to make these enrolments active for one night; what was pulled before stays.",
            source=answers.source,
        )


def renamed(answers: ClassAnswers, before: Mapping[str, str]) -> Iterator[Finding]:
    """Give a finding for each unit whose title is not the one that it had `before` (module id → title)."""
    for unit in answers.units:
        old = before.get(unit.id, unit.title)
        if old != unit.title:
            yield Finding(
                Area.SOURCE,
                "module-renamed",
                f"{answers.url}, module {unit.id}",
                f"it is called “{unit.title}” now and was called “{old}”",
                "a module that teaches what it taught",
                "See whether it still teaches the same, and correct its row in courses.xlsx if it does not.",
                source=answers.source,
            )
