"""How long one partner's documents take: the e-mail, the workbook and the training plan as PDF/UA-1.

Run `python benchmarks/documents.py`. It prints; it asserts no times.
"""

from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.operations.sample import SAMPLE_NAMES, sample_plan, sample_report
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.partner.pdf import training_plan_pdf
from lms_sync.reports.partner.workbook import partner_workbook
from lms_sync.reports.templates import Templates, template_environment

PEOPLE = (8, 40, 200)
TIMES = 5
Maker = Callable[[GapReport, TrainingPlan, Templates], object]


def sized(number: int, run: int) -> tuple[GapReport, TrainingPlan]:
    """Return a report and plan of `number` people, the sample's over and over, under names that only `run` has."""
    report, plan = sample_report(), sample_plan()
    plans = {person.person_id: person for person in plan.people}
    chosen = [(n, report.people[n % len(report.people)]) for n in range(number)]
    people = tuple(replace(person, person_id=f"Q{n}", name=f"{person.name} {run}-{n}") for n, person in chosen)
    planned = tuple(
        replace(plans[person.person_id], person_id=f"Q{n}") for n, person in chosen if person.person_id in plans
    )
    return replace(report, people=people), replace(plan, people=planned)


def milliseconds(make: Maker, number: int, templates: Templates) -> float:
    """Return the median time of a run; a first one, which reads templates and fonts, is not counted."""
    times = []
    for run in range(TIMES + 1):
        report, plan = sized(number, run)
        start = perf_counter()
        make(report, plan, templates)
        times.append(perf_counter() - start)
    return median(times[1:]) * 1000


def main() -> None:
    """Print a line per size of partner."""
    templates = Templates(template_environment(None), SAMPLE_NAMES, ZoneInfo("America/Los_Angeles"))
    print(f"{'people':>8}{'e-mail ms':>12}{'workbook ms':>14}{'PDF ms':>10}{'PDF kB':>10}")
    for number in PEOPLE:
        times = [
            milliseconds(make, number, templates) for make in (partner_email, partner_workbook, training_plan_pdf)
        ]
        size = len(training_plan_pdf(*sized(number, TIMES), templates).content) / 1000
        print("{:>8}{:>12.1f}{:>14.1f}{:>10.1f}{:>10.0f}".format(number, *times, size))


if __name__ == "__main__":
    main()
