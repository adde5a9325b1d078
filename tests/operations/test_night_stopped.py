"""A night that is stopped half-way, by a person or by a fault, loses nothing and repeats nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from lms_sync.errors import EXIT_BUG, ConfigError
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.operations import night as nightly
from lms_sync.operations.pull import pulls
from lms_sync.operations.pull.apply import apply_pull
from tests.operations.night_files import (
    CLASS,
    CLASS_ROWS,
    HR,
    LOG,
    LOG_ROWS,
    SETTINGS,
    done,
    many,
    partner_lines,
    roster,
    sheet,
)
from tests.operations.night_town import Town, text_of

BAD_ROW = done("70102", "Calm", "02/31/2026")


def test_what_a_stopped_night_found_is_news_to_the_next(settled: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    settled.write(CLASS, sheet([*CLASS_ROWS, BAD_ROW]))

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(nightly, "judge_tonight", stop)
        with pytest.raises(KeyboardInterrupt):
            settled.night(days=1)
    night = settled.night(hours=1)

    assert [finding.area for finding in night.new] == ["row"]
    assert night.exit_code == 1
    assert "02/31/2026" in text_of(settled.to(HR)[-1])
    assert settled.night(days=1).new == ()


def test_a_fault_in_one_source_stops_no_other_and_names_nobody_in_the_log(
    settled: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """FAULTS: one bad recipient (here: source) ends the batch; names in the logs."""
    applied = apply_pull
    names: list[str] = []

    def fail_for_the_class(*args: Sequence[object], **more: object) -> object:
        names.append(args[1].source)  # type: ignore[attr-defined]
        if names[-1] == "class":
            raise KeyError("Marshbane, Corin")
        return applied(*args, **more)  # type: ignore[arg-type]

    settled.write(CLASS, sheet([*CLASS_ROWS, done("70101", "Drill 1", "10/05/2026")]))
    settled.write(LOG, sheet([*LOG_ROWS, done("80201", "Drill 1", "10/05/2026")]))
    monkeypatch.setattr(pulls, "apply_pull", fail_for_the_class)
    with caplog.at_level("INFO"):
        night = settled.night(days=1)

    assert night.exit_code == EXIT_BUG
    assert len(names) > 1
    assert [pulled.source for pulled in night.pulled if pulled.error] == ["class"]
    assert "Marshbane" not in caplog.text


def test_a_broken_summary_template_costs_hr_no_summary(settled: Town) -> None:
    settled.write("reports/night.txt.j2", "{{ no_such_value }}")
    settled.write("reports/night.html.j2", "{{ no_such_value }}")
    before = len(settled.to(HR))
    settled.night(days=1)
    assert len(settled.to(HR)) == before + 1
    assert "SUMMARY" in text_of(settled.to(HR)[-1])


@pytest.mark.slow
def test_a_disk_that_is_full_inside_a_sources_transaction_is_told_and_loses_nothing(settled: Town) -> None:
    before = settled.evidence_of("class")
    settled.write(CLASS, sheet([*CLASS_ROWS, *many("70102", 1500)]))
    with settled.workspace() as workspace:
        pages = workspace.store.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        workspace.store.connection.rollback()
        workspace.store.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 40}")
        workspace.store.connection.rollback()
        night = nightly.run_night(workspace, accept_drop={})
    assert [str(pulled.error) for pulled in night.pulled if pulled.error] == [
        "source class was not stored: the disk is full"
    ]
    assert night.exit_code == ConfigError.exit_code
    assert settled.evidence_of("class") == before
    assert settled.night(days=1).exit_code in (0, 1)


def test_a_summary_that_can_neither_leave_nor_be_kept_is_told_and_the_night_is_whole(settled: Town) -> None:
    """FAULTS: on a full disk the copy of the summary ended the night before it was recorded as done."""
    settled.write("lms_sync.toml", SETTINGS + 'folder = "roster.xlsx/no"\n')
    settled.write("state/unsent", b"no folder")
    night = settled.night(days=1)
    assert night.exit_code == ConfigError.exit_code
    assert any("neither be sent nor kept" in str(trouble) for trouble in night.troubles)
    with settled.workspace() as workspace:
        last = workspace.store.runs.last("nightly")
    assert last is not None
    assert last.exit_code == ConfigError.exit_code


@pytest.mark.slow
def test_what_a_night_sent_that_was_killed_over_its_summary_is_told_by_the_next(settled: Town) -> None:
    """FAULTS: the next summary named a file that nobody had written, and not the report that had gone."""

    @dataclass(frozen=True)
    class KilledOverTheSummary:
        name: str = "relay"

        @contextmanager
        def session(self) -> Iterator["KilledOverTheSummary"]:
            yield self

        def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
            if HR in envelope.recipients:
                raise KeyboardInterrupt
            return tuple(RecipientResult(a, RecipientOutcome.ACCEPTED) for a in envelope.recipients)

    settled.write("roster.xlsx", roster(partners=partner_lines(quarry="on change")))
    settled.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Calm", "11/24/2026")]))
    settled.carrier = KilledOverTheSummary()
    with pytest.raises(KeyboardInterrupt):
        settled.night(days=7)
    settled.carrier = None
    summary = settled.night(hours=1).summary
    assert summary is not None
    assert summary.unsent == ()
    assert ("Quarryville Police", "sent") in [(message.to, message.state) for message in summary.messages]
    later = settled.night(hours=1).summary
    assert later is not None
    assert "sent" not in [message.state for message in later.messages if message.to != "HR"]
