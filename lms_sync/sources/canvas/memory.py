"""What a pull leaves behind for the next one, so that only students whose progress moved are asked for. Pure.

Students stand in it by their mark: a keyed hash, because most of them are other districts' people. The key is the
token, so a new token makes new marks and everybody is asked for once again.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from lms_sync.sources.canvas.answers import Progress

TRUSTED_PULLS = 6
"""After so many pulls that asked only for what moved, the next asks for everybody: an equal count is no proof."""


class _Remembered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class StudentMemory(_Remembered):
    """What was told of one student, and at which progress."""

    done: int
    of: int
    completed_at: str
    units: Mapping[str, str]
    """Module id → when it was completed, as told; otherwise the word for its state."""

    def at(self, progress: Progress) -> bool:
        """Tell whether the student's progress is still the one at which the units were told."""
        now = (progress.requirement_completed_count, progress.requirement_count, progress.completed_at)
        return now == (self.done, self.of, self.completed_at)


class ModuleMemory(_Remembered):
    """What was told of one module."""

    name: str
    requirements: int
    drafts: int = 0


class ClassMemory(_Remembered):
    """What was told of one class."""

    modules: Mapping[str, ModuleMemory] = {}
    students: Mapping[str, StudentMemory] = {}
    """Mark → what was told."""
    tells_excused: bool = True
    """False when Canvas refused to tell what students were excused from."""


class Memory(_Remembered):
    """What was told on the last pull that was stored."""

    version: Literal[1, 2] = 2
    """1: modules were not judged by their items, so everybody is asked for once again."""
    trusted: int = TRUSTED_PULLS
    """Pulls that may still rely on it."""
    classes: Mapping[str, ClassMemory] = {}
    """Course id → what was told."""


def recall(cursor: str) -> Memory:
    """Return what a cursor says; nothing for an empty one or one that an earlier program left."""
    try:
        memory = Memory.model_validate_json(cursor) if cursor else Memory()
        return memory if memory.version == 2 else memory.model_copy(update={"version": 2, "trusted": 0})
    except ValidationError:
        return Memory()


def mark(token: str, *, course: str, user: str) -> str:
    """Return sixteen hexadecimal digits that stand for a student of a course, the same as long as the token."""
    return hmac.new(token.encode(), f"{course}\x1f{user}".encode(), hashlib.sha256).hexdigest()[:16]
