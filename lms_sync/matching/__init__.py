"""Learner → person, or candidates for a person to confirm. Names alone never match anybody.

Identifiers are compared as keyed hashes, so that learners of other districts need not be kept in the clear and
still match on the day on which they join the roster.
"""

from lms_sync.matching.candidates import Candidate
from lms_sync.matching.findings import (
    matching_findings,
)
from lms_sync.matching.links import Bearers, Link, Merge, successors
from lms_sync.matching.match import (
    Directory,
    Match,
    directory,
    match_all,
    names_somebody,
)
from lms_sync.matching.names import likeness, name_of
from lms_sync.matching.seal import (
    Seal,
    SealedLearner,
    merged,
    name_words,
    remembered,
    seal_learner,
    seal_reading,
)

__all__ = [
    "Bearers",
    "Candidate",
    "Directory",
    "Link",
    "Match",
    "Merge",
    "Seal",
    "SealedLearner",
    "directory",
    "likeness",
    "match_all",
    "matching_findings",
    "merged",
    "name_of",
    "name_words",
    "names_somebody",
    "remembered",
    "seal_learner",
    "seal_reading",
    "successors",
]
