"""Learners of one source that are one agent: an e-mail address, and the hashes that are made of it. Pure.

Source: xAPI 1.0.3, part 2, section 2.4.2.3: an `mbox_sha1sum` is the hash of what `mbox` would say.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from lms_sync.model.address import hash_key, hash_keys
from lms_sync.model.evidence import Learner
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, learner_hash
from lms_sync.text import fold

_Key = tuple[str, str]
"""(source, pseudonymous learner id)."""


def as_one(
    learners: Iterable[PseudonymousLearner], is_decided: Callable[[_Key], bool], pseudonyms: Pseudonyms
) -> Mapping[_Key, PseudonymousLearner]:
    """Return each learner who is named by address and by hash, as whom it is to be matched.

    That is under the address, which says more than its hash, and by what a person decided about any of them: the one
    about itself, where there is one. Its name stays its own.
    """
    learners = tuple(learners)
    sources = {learner.source for learner in learners if _may_be_hash(learner)}
    addresses = [learner for learner in learners if learner.source in sources and _is_address(learner.in_clear)]
    if not addresses:
        return {}
    by_key = {(learner.source, learner.learner): learner for learner in learners if learner.source in sources}
    found: dict[_Key, PseudonymousLearner] = {}
    for address in addresses:
        if hashed := [key for key in _hashes_of(address, pseudonyms) if key in by_key]:
            named = address.source, address.learner
            decided = next((key for key in (named, *hashed) if is_decided(key)), named)
            for key in (named, *hashed):
                found[key] = _under(by_key[key], address, key if is_decided(key) else decided)
    return found


def _may_be_hash(learner: PseudonymousLearner) -> bool:
    """Tell whether a learner may be one who is named by a hash alone: of one who is hidden nobody knows."""
    if learner.in_clear is None:
        return len(learner.emails) == 1 and not learner.person_ids
    return learner.in_clear.key.startswith(hash_key(""))


def _is_address(who: Learner | None) -> bool:
    return who is not None and "@" in who.key and who.key in map(fold, who.addresses)


def _hashes_of(address: PseudonymousLearner, pseudonyms: Pseudonyms) -> list[_Key]:
    """Return the ids of those learners whom the source may name by a hash of this address, in any spelling of it."""
    who = address.in_clear
    spelt = [email for email in who.addresses if fold(email) == who.key] if who else []
    keys = dict.fromkeys(key for email in spelt for key in hash_keys(email))
    return [(address.source, learner_hash(address.source, key, pseudonyms)) for key in keys]


def _under(learner: PseudonymousLearner, address: PseudonymousLearner, decided: _Key) -> PseudonymousLearner:
    """Return a learner with the identifiers of the address, and the id about which something was decided."""
    return replace(learner, learner=decided[1], person_ids=address.person_ids, emails=address.emails)
