"""One class: ask what is needed, recall the rest, and give it as one file of the pull."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lms_sync.model.finding import Area, Finding
from lms_sync.sources.canvas.answers import CanvasCourse, CanvasUser, Enrolment, NoProgress, Progress
from lms_sync.sources.canvas.findings import findings_of, renamed
from lms_sync.sources.canvas.memory import ClassMemory, ModuleMemory, StudentMemory, mark
from lms_sync.sources.canvas.requests import RIGHTS, Questions
from lms_sync.sources.canvas.units import ClassAnswers, Student, items_of, learner_of, text_of, units_of
from lms_sync.sources.canvas.view import StudentView
from lms_sync.sources.http.answer import Failure, HttpError
from lms_sync.sources.pull import FileRead, fingerprint

RULES = "canvas 2"
"""Version of how classes are read; another one makes every class be stored anew."""
OF_THE_CLASS: Mapping[Failure, tuple[str, str]] = {
    Failure.FORBIDDEN: ("class-refused", f"Let the token's user see this class. {RIGHTS}"),
    Failure.MISSING: ("class-missing", "Correct `courses` of the source in lms_sync.toml, or take the class out."),
    Failure.REJECTED: (
        "class-rejected",
        "Canvas has no progress of a class whose modules ask for nothing: set requirements, or take the class out.",
    ),
}
"""Failures that are a class's own, with a finding's code and remedy; any other is the source's."""


@dataclass(frozen=True, slots=True)
class ClassReader:
    """What reads the classes of one pull."""

    questions: Questions
    url: str
    """Of Canvas."""
    zone: str
    """The zone whose calendar days count."""
    token: str = field(repr=False)
    sis_is_person: bool = False

    def read(
        self, reference: str, past: Mapping[str, ClassMemory], *, course: CanvasCourse | None, anew: bool
    ) -> "ClassRead":
        """Return a class by its reference; what is wrong with the class alone is a failed file with a finding.

        `past` holds, by course id, what was told before; `anew` tells not to rely on it, and `course` is what a
        search told.

        Raises: HttpError for what concerns the source.
        """
        try:
            course = course or self.questions.course(reference)
            before = past.get(course.id, ClassMemory())
            answers = self._answers(course, before, anew=anew)
        except HttpError as error:
            if error.kind not in OF_THE_CLASS:
                raise
            return ClassRead(self._failed(reference, error), "", None, error)
        return ClassRead(self._file(reference, answers, before), course.id, _memory(answers, before))

    def _answers(self, course: CanvasCourse, past: ClassMemory, *, anew: bool) -> ClassAnswers:
        # The counts come first: what is completed while we read shows as another count on the next night.
        bulk = self.questions.progress(course.id)
        progress = {row.id: row.progress for row in bulk}
        enrolments = {listed.user_id: listed for listed in self.questions.enrolments(course.id)}
        for row in bulk:
            enrolments.setdefault(row.id, Enrolment(user_id=row.id, user=CanvasUser(name=row.display_name)))
        units = units_of(self.questions.modules(course.id))
        asked = {unit.id: (unit.requirements, unit.drafts) for unit in units}
        anew = anew or asked != {i: (m.requirements, m.drafts) for i, m in past.modules.items()}
        view = StudentView(self.questions, course.id, anew or past.tells_excused)
        students = []
        for user, enrolment in sorted(enrolments.items(), key=lambda item: (len(item[0]), item[0])):
            student = self._student(course.id, enrolment, progress.get(user))
            students.append(_with_units(view, student, past.students.get(student.mark), anew=anew))
        url = f"{self.url.rstrip('/')}/courses/{course.id}"
        return ClassAnswers(
            self.questions.source, url, course, units, tuple(students), self.zone, tells_excused=view.tells_excused
        )

    def _student(self, course: str, enrolment: Enrolment, in_bulk: Progress | NoProgress | None) -> Student:
        """Return a student without units; who is not among the progress told in bulk is asked for alone."""
        user = enrolment.user_id
        progress = in_bulk or self.questions.progress_of(course, user)
        return Student(
            learner_of(self.questions.source, enrolment, sis_is_person=self.sis_is_person),
            mark(self.token, course=course, user=user),
            text_of(enrolment),
            {},
            progress if isinstance(progress, Progress) else None,
        )

    def _file(self, reference: str, answers: ClassAnswers, before: ClassMemory) -> FileRead:
        items = tuple(items_of(answers))
        text = json.dumps([[str(i.origin), i.text] for i in items], ensure_ascii=False)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        rules = f"{RULES}, sis_user_id_is_person_id = {self.sis_is_person}, {[u.requirements for u in answers.units]}"
        whole = fingerprint(sha256, rules, zone="UTC", district_zone=self.zone)
        names = {unit: module.name for unit, module in before.modules.items()}
        return FileRead(_name(reference), sha256, whole, items, (*findings_of(answers), *renamed(answers, names)))

    def gone(self, course: str, search: str) -> FileRead:
        """Return a class that the search has found before and does not find any more: renamed, closed or deleted."""
        finding = Finding(
            Area.SOURCE,
            "class-gone",
            f"{self.url.rstrip('/')}/courses/{course}",
            f"the search for “{search}” found this class before, and finds it no more: nothing new of it is read",
            "every class that was read before, as long as it is taught",
            "If it is taught still, correct `search` in lms_sync.toml, or have it published or named as before. If it"
            " has ended, do nothing: what was stored stays, and this is told once.",
            source=self.questions.source,
        )
        return FileRead(_name(course), "", "", items=(), findings=(finding,), failed=True)

    def _failed(self, reference: str, error: HttpError) -> FileRead:
        code, remedy = OF_THE_CLASS[error.kind]
        finding = Finding(
            Area.SOURCE,
            code,
            f"{self.url.rstrip('/')}, {_name(reference)}",
            str(error),
            "a class whose progress the token's user may see",
            f"{remedy} What was stored before stays.",
            source=self.questions.source,
        )
        return FileRead(_name(reference), "", "", items=(), findings=(finding,), failed=True)


@dataclass(frozen=True, slots=True)
class ClassRead:
    """A class as one file of the pull, and what to remember of it."""

    file: FileRead
    course: str
    """The course id; empty when the class could not be read."""
    memory: ClassMemory | None
    """None when the class could not be read."""
    error: HttpError | None = None
    """Why it could not be read."""


def _with_units(view: StudentView, student: Student, before: StudentMemory | None, *, anew: bool) -> Student:
    """Return the student with units: as they were where the progress has not moved, else as Canvas tells them."""
    if before and (student.progress is None or (before.at(student.progress) and not anew)):
        return replace(student, units=before.units)
    units = view.units(student.learner.key)
    if units is None:
        return replace(student, units=before.units if before else {}, hidden=True)
    return replace(student, units=units)


def _name(reference: str) -> str:
    """Return what stands for the class's file; it stays the same when the class is renamed or can't be read."""
    return f"course {reference}"


def _memory(answers: ClassAnswers, before: ClassMemory) -> ClassMemory:
    """Return what to remember; of students whose units are not told any more, what was told last."""
    students = {
        student.mark: before.students[student.mark] for student in answers.students if student.mark in before.students
    }
    for student in answers.students:
        if student.progress and not student.hidden:
            students[student.mark] = _student_memory(student, student.progress)
    modules = {u.id: ModuleMemory(name=u.title, requirements=u.requirements, drafts=u.drafts) for u in answers.units}
    return ClassMemory(modules=modules, students=students, tells_excused=answers.tells_excused)


def _student_memory(student: Student, progress: Progress) -> StudentMemory:
    return StudentMemory(
        done=progress.requirement_completed_count,
        of=progress.requirement_count,
        completed_at=progress.completed_at,
        units=dict(student.units),
    )
