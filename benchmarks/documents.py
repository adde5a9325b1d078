"""What one partner's documents take: the e-mail, the workbook and the training plan as PDF/UA-1; and many packets.

    python -m benchmarks.documents [--partners 60] [--people 50]

CPU milliseconds of this process; packets a second by wall, as a night makes them: by two processes from forty on.
"""

import argparse
import os
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

from benchmarks.measure import machine, print_table
from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.mail.message import MessageParts, build_message
from lms_sync.mail.packet import Order, Packet, packing
from lms_sync.model.carrier import Envelope
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.operations.sample import SAMPLE_NAMES, sample_plan, sample_report
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.partner.pdf import training_plan_pdf
from lms_sync.reports.partner.workbook import partner_workbook
from lms_sync.reports.templates import Templates, template_environment

PEOPLE = (8, 40, 200)
TIMES = 5
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
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
        start = process_time()
        make(report, plan, templates)
        times.append(process_time() - start)
    return median(times[1:]) * 1000


def packets_a_second(partners: int, people: int, templates: Templates) -> tuple[float, float, float]:
    """Return packets a second, CPU seconds of one in all processes, and its kB: e-mail, workbook, PDF, message."""
    reports = SimpleNamespace(reports=SimpleNamespace(folder=""))
    config = SimpleNamespace(settings=reports, path=lambda _: Path("no folder of templates"))
    voice = SimpleNamespace(config=config, templates=templates, pseudonyms=Pseudonyms(b"no secrets here"))
    orders = [Order(*sized(people, number), link="") for number in range(partners)]
    begun, before, size, waiting = perf_counter(), os.times(), 0, deque[Callable[[], Packet]]()
    with packing(cast(Issuer, voice), number=partners) as packs:
        for number in range(partners + packs.ahead):
            if number < partners:
                waiting.append(packs.begin(orders[number]))
            if number >= packs.ahead:
                size += len(as_message(waiting.popleft()()))
    after, wall = os.times(), perf_counter() - begun
    cpu = sum(after[:4]) - sum(before[:4])
    return partners / wall, cpu / partners, size / partners / 1000


def as_message(packet: Packet) -> bytes:
    """Return the exact message of a packet."""
    parts = MessageParts(packet.email.subject, packet.email.html, packet.email.text, packet.attachments, "", "s")
    envelope = Envelope("D1", "hr@district.example.org", to=("chief@police.example.org",))
    return build_message(parts, envelope=envelope, message_id="<1@district.example.org>", date=NOW)


def main() -> None:
    """Print a line per size of partner, and what many packets take."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--partners", type=int, default=60)
    options.add_argument("--people", type=int, default=50)
    chosen = options.parse_args()
    print(machine())
    templates = Templates(template_environment(None), SAMPLE_NAMES, ZoneInfo("America/Los_Angeles"))
    rows = []
    for number in PEOPLE:
        makers = (partner_email, partner_workbook, training_plan_pdf)
        times = (f"{milliseconds(make, number, templates):.0f}" for make in makers)
        size = len(training_plan_pdf(*sized(number, TIMES), templates).content) / 1000
        rows.append((number, *times, f"{size:.0f}"))
    print_table(("people", "e-mail, CPU ms", "workbook", "PDF", "PDF kB"), rows)
    print()
    a_second, cpu, size = packets_a_second(chosen.partners, chosen.people, templates)
    row = (f"{chosen.partners:,} of {chosen.people:,} people", f"{a_second:.1f}", f"{cpu:.3f}", f"{size:,.0f}")
    print_table(("packets", "a second, by wall", "CPU s each", "kB each"), [row])


if __name__ == "__main__":
    main()
