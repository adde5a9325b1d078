"""Gaps × offerings → a training plan: per person the provably best set of offerings, and dates for the rest."""

from lms_sync.plan.catalogue import Catalogue, Takeable, read_catalogue
from lms_sync.plan.days import WorkingDays
from lms_sync.plan.people import plan_partner, plan_person, unclosed_findings
from lms_sync.plan.planned import PersonPlan, PlannedDay, PlannedSitting, TrainingPlan

__all__ = [
    "Catalogue",
    "PersonPlan",
    "PlannedDay",
    "PlannedSitting",
    "Takeable",
    "TrainingPlan",
    "WorkingDays",
    "plan_partner",
    "plan_person",
    "read_catalogue",
    "unclosed_findings",
]
