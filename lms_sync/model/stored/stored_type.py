"""A kind of value that is kept as JSON: the one way into the store and back.

What earlier versions wrote is never rewritten, so a type takes every shape that was ever written: a field that came
later has a default, and a shape that a default can't tell from the others carries a `version`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, from_json, to_json

from lms_sync.errors import ConfigError

Value = TypeVar("Value")
Payload = dict[str, Any]
"""A value as JSON: what `StoredType.plain` makes of it."""
CHANGED = "Somebody changed it: lms-sync db backups lists the backups, lms-sync db restore puts one back."
"""What to do about what no version of lms-sync writes."""


@dataclass(frozen=True, slots=True)
class StoredType(Generic[Value]):
    """How values of one kind are kept as JSON."""

    kind: str
    """As the store names it, such as `person`; messages use it too."""
    form: Any
    """The type of the values: a dataclass, a pydantic model, or a mapping of such."""
    id_field: str = ""
    """The field that repeats the key under which a value is kept; empty where none does."""

    def read(self, payload: object) -> Value:
        """Return the value that a payload stands for, whichever version wrote it.

        Raises: ConfigError for one that no version up to this one has written; it tells the field and no content.
        """
        try:
            return cast(Value, _adapter(self.form).validate_python(payload))
        except ValidationError as error:
            raise self._unreadable(error) from error

    def read_text(self, text: str) -> Value:
        """Return the value that a payload's JSON text stands for: quicker than by the payload where there are many.

        Raises: ConfigError as `read` does.
        """
        try:
            return cast(Value, _adapter(self.form).validate_json(text))
        except ValidationError as error:
            try:
                payload = json.loads(text)
            except (ValueError, RecursionError):
                raise self._unreadable(error) from error
            return self.read(payload)  # one half of a sign beyond 16 bits may be stored: `validate_json` takes none

    def _unreadable(self, error: ValidationError) -> ConfigError:
        (first, *_) = error.errors(include_input=False, include_url=False, include_context=False)
        place = ".".join(map(str, first["loc"])) or "as a whole"
        return ConfigError(
            f"the database holds a {self.kind} that this version of lms-sync can't read ({place}: {first['type']})",
            hint="A newer version wrote it, or somebody changed it: install that version, or restore a backup.",
        )

    def read_all(self, payloads: Mapping[str, object]) -> dict[str, Value]:
        """Return key → value for key → payload. Raises: ConfigError as `read` does, and for a wrong key."""
        return self._under_own_keys({key: self.read(payload) for key, payload in payloads.items()})

    def read_texts(self, texts: Iterable[tuple[str, str]]) -> dict[str, Value]:
        """Return key → value for (key, JSON text): as `read_all`, quicker. Raises: ConfigError as `read_all` does."""
        validated = _adapter(self.form).validator.validate_json  # without what pydantic does besides, once a text
        found: dict[str, Value] = {}
        for key, text in texts:
            try:
                found[key] = validated(text)
            except ValidationError:
                found[key] = self.read_text(text)
        return self._under_own_keys(found)

    def _under_own_keys(self, found: dict[str, Value]) -> dict[str, Value]:
        if self.id_field:
            for key, value in found.items():
                if getattr(value, self.id_field) != key:
                    raise ConfigError(
                        f"the database holds a {self.kind} under another id than its own ({self.id_field})",
                        hint=CHANGED,
                    )
        return found

    def plain(self, value: Value) -> Payload:
        """Return a value as JSON values, as the store and the log take them."""
        return cast(Payload, _adapter(self.form).dump_python(value, mode="json", by_alias=True))


def stored_json(text: str | bytes) -> Any:
    """Return what a JSON text in the database stands for. Raises: ConfigError for a text that is none."""
    try:
        return read_json(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(
            "the database holds a value that is no JSON",
            hint="Somebody changed it, or the disk did: lms-sync db check looks at all of it; restore a backup.",
        ) from error


def quick_json(value: object) -> bytes:
    """Return rows of texts, numbers and the like as JSON on one line: a quarter of the time that `json` takes."""
    try:
        return to_json(value)
    except (PydanticSerializationError, UnicodeEncodeError):  # one half of a sign beyond 16 bits
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def read_json(line: bytes | str) -> Any:
    """Return what `quick_json` or `json` made a line of: a third to two thirds of the time of `json`.

    Raises: ValueError for anything else.
    """
    try:
        return from_json(line, cache_strings="keys")  # other texts are seldom the same: no look for each
    except ValueError:  # one half of a sign beyond 16 bits, or no JSON
        return json.loads(line)


@cache
def _adapter(form: Any) -> TypeAdapter[Any]:
    """Return what reads and writes a type; made when it is first asked for, since most commands need few of them."""
    return TypeAdapter(form)
