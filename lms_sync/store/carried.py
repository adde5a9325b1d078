"""What waits since an earlier version, known again in what tonight finds: since when it waits stays. Pure.

Earlier versions made an id of the words that were found, so that no id of theirs can be made anew.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from lms_sync.model.finding import FORMER_CODES, Finding, OpenFinding

Kind = tuple[str, ...]
Found = tuple[str, Finding]
"""A scope, and a finding in it."""


def carried(former: Iterable[OpenFinding], found: Iterable[Found]) -> dict[str, Finding]:
    """Return the id by which something waits → the finding of tonight that is the same; what is gone is left out.

    Looked for in this order, within a scope, code and source: a longer id of the same beginning; the same words in
    the same place; the same place; what it is about, where that was its place; the only one about the same people.
    Each stands for one other.
    """
    old = {waiting.finding.id: waiting for waiting in former}
    new = {finding.id: (scope, finding) for scope, finding in found}
    result: dict[str, Finding] = {}
    for i, (_, finding) in new.items():
        if finding.handle and (beginning := next((known for known in old if i.startswith(known)), "")):
            result[beginning] = finding
    for tells in (_words, _place, _subject, _people):
        left = [waiting for i, waiting in old.items() if i not in result]
        taken = {finding.id for finding in result.values()}
        result |= _paired(left, [fresh for i, fresh in new.items() if i not in taken], tells)
    return result


def _paired(
    former: Iterable[OpenFinding], found: Iterable[Found], tells: Callable[[Finding], Kind | None]
) -> dict[str, Finding]:
    """Return the pairs that agree in what `tells` returns, in their order; of people only where each is the only."""
    before = _grouped([(waiting.scope, waiting.finding) for waiting in former], tells)
    now = _grouped(found, tells)
    pairs: dict[str, Finding] = {}
    for kind in before.keys() & now.keys():
        if tells is not _people or len(before[kind]) == len(now[kind]) == 1:
            pairs |= {old.id: new for old, new in zip(before[kind], now[kind], strict=False)}
    return pairs


def _grouped(found: Iterable[Found], tells: Callable[[Finding], Kind | None]) -> Mapping[Kind, list[Finding]]:
    groups: dict[Kind, list[Finding]] = defaultdict(list)
    for scope, finding in found:
        if (found_by := tells(finding)) is not None:
            code = FORMER_CODES.get(finding.code, finding.code)
            groups[scope, finding.area, code, finding.source, *found_by].append(finding)
    return groups


def _words(finding: Finding) -> Kind:
    return (finding.where, finding.found)


def _place(finding: Finding) -> Kind:
    return (finding.where,)


def _subject(finding: Finding) -> Kind:
    return (finding.subject or finding.where,)


def _people(finding: Finding) -> Kind | None:
    return finding.people or None
