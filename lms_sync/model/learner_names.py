"""The names of learners: hashed only where they do not stand in the clear anyway.

A name has some twenty marks, and each its keyed hash. Of somebody who may be on the roster the name stands in the
clear: there they are made only once the learner is hidden, or has another name besides.
"""

from collections.abc import Iterable
from dataclasses import replace

from lms_sync.model.evidence import Learner
from lms_sync.model.name_agreement import NameWord
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, merged, named_in_clear, names_of, spelt_ever


def pseudonymous_learners(learners: Iterable[Learner], pseudonyms: Pseudonyms) -> tuple[PseudonymousLearner, ...]:
    """Return one learner for each (source, id), still shown, with all that was read of it."""
    found: dict[tuple[str, str], PseudonymousLearner] = {}
    for learner in learners:
        new = named_in_clear(learner, pseudonyms)
        key = new.source, new.learner
        if key in found:
            (new,) = merged((_with_names(found[key], pseudonyms), _with_names(new, pseudonyms)))
        found[key] = new
    return tuple(found.values())


def hidden(learner: PseudonymousLearner, pseudonyms: Pseudonyms) -> PseudonymousLearner:
    """Return a learner without what stands of it in the clear."""
    return replace(learner, in_clear=None, names=names_of(learner, pseudonyms))


def _with_names(learner: PseudonymousLearner, pseudonyms: Pseudonyms) -> PseudonymousLearner:
    return replace(learner, names=names_of(learner, pseudonyms))


def remembered(before: PseudonymousLearner, now: PseudonymousLearner, pseudonyms: Pseudonyms) -> PseudonymousLearner:
    """Return a learner as it is now, with every identifier and name that it ever had."""
    return replace(
        now,
        person_ids=tuple(sorted({*before.person_ids, *now.person_ids})),
        emails=tuple(sorted({*before.emails, *now.emails})),
        name=now.name or before.name,
        in_clear=spelt_ever(now.in_clear, before.in_clear),
        names=_names_ever(before, now, pseudonyms),
    )


def _names_ever(
    before: PseudonymousLearner, now: PseudonymousLearner, pseudonyms: Pseudonyms
) -> tuple[tuple[NameWord, ...], ...] | None:
    """Return every name of a learner as it is kept: None where only the one in the clear was ever read of it."""
    if before.names is None and now.names is None and _named_alike(before.in_clear, now.in_clear):
        return None
    names = tuple(dict.fromkeys((*(names_of(before, pseudonyms) or ()), *(names_of(now, pseudonyms) or ()))))
    in_clear = now.in_clear or before.in_clear
    alone = before.names is None and in_clear is not None
    return None if alone and names == names_of(replace(before, in_clear=in_clear), pseudonyms) else names


def _named_alike(before: Learner | None, now: Learner | None) -> bool:
    """Tell whether a learner stands in the clear under one name, as written, both times."""
    if before is None or now is None:
        return False
    return (before.first_name, before.last_name) == (now.first_name, now.last_name)
