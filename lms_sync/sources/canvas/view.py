"""The modules of a class as one student has them: which the student has completed, and what for.

Canvas's own `completed` is the student's view: a requirement whose item the student cannot see (a draft, or assigned
to others) is left out, and with none left the module is completed for everybody. So a module is judged by its items.

Source: canvas-lms, context_module_progression.rb, api/v1/context_module.rb, context_module_items_api_controller.rb.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lms_sync.model.evidence import ClaimReason
from lms_sync.sources.canvas.answers import Module, ModuleItem, Submission
from lms_sync.sources.canvas.requests import Questions

COMPLETED = "completed"
STARTED = "started"
OPEN = ("locked", "unlocked", STARTED)
"""States of a module that is not completed. Source: Canvas REST documentation, Modules, `state`."""
NOTHING_VISIBLE = "completed, and nothing that it requires can be seen by the student"
"""The state of a module that is completed only because the student can see nothing that it requires."""
CLAIMS = {"excused": ClaimReason.WAIVER, "in part": ClaimReason.PARTIAL}
"""Word before a completion → why only a person may accept it."""
GRADED = ("Assignment", "Quiz", "Discussion")
"""Types of items whose submission a teacher may excuse."""

Excused = Collection[tuple[str, str]]
"""(type, content id) of the items that a student was excused from."""


@dataclass(slots=True)
class StudentView:
    """Asks for the units of one student after the other, in one class."""

    questions: Questions
    course: str
    tells_excused: bool
    """False once Canvas has refused to tell what somebody was excused from; then it is not asked again."""

    def units(self, user: str) -> dict[str, str] | None:
        """Return module id → its state as `state_of` writes it; None where Canvas does not tell the modules.

        Raises: HttpError.
        """
        modules = self.questions.modules_of(self.course, user)
        if modules is None:
            return None
        seen = [self._as_seen(module, user) for module in modules]
        excused = self._excused(user) if any(map(_may_hold_excused, seen)) else ()
        return {module.id: state_of(module, excused) for module in seen}

    def _as_seen(self, module: Module, user: str) -> Module:
        """Return the module with the student's own items, where those that came along do not suffice.

        Canvas tells along what the token's user may see: drafts, and items of other sections among them.
        """
        if module.state != COMPLETED or (module.items is not None and _suffices(module)):
            return module
        items = self.questions.items_of(self.course, module, user)
        return module.model_copy(update={"items": tuple(items)})

    def _excused(self, user: str) -> Excused:
        submissions = self.questions.submissions_of(self.course, user) if self.tells_excused else None
        self.tells_excused = submissions is not None
        return frozenset(_contents(submissions or ()))


def required(module: Module) -> list[ModuleItem]:
    """Return the items that ask something of a student, drafts left out."""
    return [item for item in module.items or () if item.completion_requirement and item.published is not False]


def state_of(module: Module, excused: Excused) -> str:
    """Return when a student completed a module, as told, or otherwise the word for its state.

    It is `completed` without a time; after a word of CLAIMS where only a person may accept it; NOTHING_VISIBLE.

    A module is completed with each of its required items, or with as many as it asks for. The REST API of today does
    not tell how many those are, so where it calls a module completed with some of its items open, a person decides.
    """
    if module.state != COMPLETED:
        return module.state
    items, when = required(module), module.completed_at or COMPLETED
    if not items:
        return NOTHING_VISIBLE
    met = _met(items)
    earned = [item for item in met if (item.type, item.content_id) not in excused]
    enough = min(module.requirement_count or len(items), len(items))
    if len(earned) >= enough:
        return when
    if len(met) >= enough:
        return f"excused {when}"
    return f"in part {when}" if met and "requirement_count" not in module.model_fields_set else STARTED


def claim_in(value: str) -> tuple[ClaimReason | None, str]:
    """Return why a state is a claim (None where it is none), and the state without that word."""
    for word, reason in CLAIMS.items():
        if value.startswith(f"{word} "):
            return reason, value.removeprefix(f"{word} ")
    return None, value


def _met(items: Iterable[ModuleItem]) -> list[ModuleItem]:
    return [item for item in items if item.completion_requirement and item.completion_requirement.completed]


def _suffices(module: Module) -> bool:
    items = required(module)
    return len(_met(items)) == len(items)


def _may_hold_excused(module: Module) -> bool:
    return module.state == COMPLETED and any(item.type in GRADED for item in _met(required(module)))


def _contents(submissions: Iterable[Submission]) -> Iterable[tuple[str, str]]:
    for submission in submissions:
        if submission.excused:
            yield "Assignment", submission.assignment_id
            yield "Quiz", submission.assignment.quiz_id
            yield "Discussion", submission.assignment.discussion_topic.id
