"""The course map: what each course teaches, checked as a whole, and what a completion counts for by it.

A mapping says what a course *teaches*; only `lms_sync.law` says what is enough.
"""

from lms_sync.mapping.check import MappingCheck, check_mapping, check_mapping_sheets
from lms_sync.mapping.credits import (
    Claimed,
    Credited,
    MapIndex,
    Mapped,
    NotCounted,
    NotCountedReason,
    TeachesNone,
    Unmapped,
    claim_id,
    credits_of,
)
from lms_sync.mapping.rows import EVERY_SOURCE, CourseMap, CourseRow, Offering, course_map
from lms_sync.mapping.shown import Shown, shown_findings, unshown_findings

__all__ = [
    "EVERY_SOURCE",
    "Claimed",
    "CourseMap",
    "CourseRow",
    "Credited",
    "MapIndex",
    "Mapped",
    "MappingCheck",
    "NotCounted",
    "NotCountedReason",
    "Offering",
    "Shown",
    "TeachesNone",
    "Unmapped",
    "check_mapping",
    "check_mapping_sheets",
    "claim_id",
    "course_map",
    "credits_of",
    "shown_findings",
    "unshown_findings",
]
