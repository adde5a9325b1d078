"""Acts about who is who."""

import io
from collections.abc import Mapping
from dataclasses import replace

from openpyxl import load_workbook

from lms_sync.compliance.judge import book_of
from lms_sync.people import decide as people
from lms_sync.people.cases import cases
from lms_sync.people.name_answer import answer_question
from lms_sync.people.outdated import question_id
from lms_sync.people.workbook import people_workbook
from lms_sync.store.known.snapshot import read_people_decisions, read_roster, record_roster
from tests.acts.here import ADA, BEN, FORMER, STRANGER, Case, Here


def _renamed_after_a_link(here: Here) -> None:
    """Let the roster have another name under the id that a learner was linked to."""
    here.do(people.link, handle=STRANGER, person_id=BEN)
    store = here.workspace.store
    roster = read_roster(store)
    renamed = replace(roster.people[BEN], first_name="Zoe", last_name="Quill", preferred_name="")
    with store.transaction():
        record_roster(store, replace(roster, people={**roster.people, BEN: renamed}), now=here.workspace.clock())


def _question(here: Here) -> str:
    (decided,) = read_people_decisions(here.workspace.store, read_roster(here.workspace.store)).outdated
    return question_id(BEN, decided.then, read_roster(here.workspace.store).people[BEN].name)


def _match_workbook(here: Here, reason: str) -> None:
    issuer = here.issuer
    pseudonyms = here.workspace.pseudonyms
    waiting = cases(issuer.snapshot, issuer.judged.matches, book_of(issuer.snapshot, pseudonyms), pseudonyms)
    roster = issuer.snapshot.roster
    book = load_workbook(io.BytesIO(people_workbook(waiting, roster.people, roster.employers())))
    sheet = book["Who is who"]
    cells = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    (handle,) = {case.handle for case in waiting}
    for heading, answer_ in (("Decision", "yes"), ("Reason", reason)):
        sheet.cell(cells[handle].row, cells[heading].column).value = answer_
    path = here.folder.parent / "who.xlsx"
    book.save(path)
    here.do(people.decide_all, waiting=waiting, path=path)


CASES: Mapping[str, Case] = {
    "link": Case(
        lambda here: here.do(people.link, handle=STRANGER, person_id=BEN),
        lambda here: here.do(people.link, handle=STRANGER, person_id="99999"),
    ),
    "refuse": Case(
        lambda here: here.do(people.refuse, handle=STRANGER, people=[BEN]),
        lambda here: here.do(people.refuse, handle="vendor:nobody", people=[BEN]),
    ),
    "deny": Case(
        lambda here: here.do(people.deny, handle=STRANGER, person_id=BEN),
        lambda here: here.do(people.deny, handle=STRANGER, person_id="99999"),
    ),
    "answer_question": Case(
        lambda here: here.do(answer_question, question_id=_question(here), same=True),
        lambda here: here.do(answer_question, question_id="none", same=False),
        given=_renamed_after_a_link,
    ),
    "unlink": Case(
        lambda here: here.do(people.unlink, handle=STRANGER),
        lambda here: here.do(people.unlink, handle="vendor:nobody"),
        given=lambda here: here.do(people.link, handle=STRANGER, person_id=BEN),
    ),
    "decide_all": Case(
        lambda here: _match_workbook(here, "asked him"),
        lambda here: _match_workbook(here, ""),
    ),
    "merge": Case(
        lambda here: here.do(people.merge, former=FORMER, person_id=BEN),
        lambda here: here.do(people.merge, former=ADA, person_id=BEN),
    ),
    "unmerge": Case(
        lambda here: here.do(people.unmerge, former=FORMER),
        lambda here: here.do(people.unmerge, former=ADA),
        given=lambda here: here.do(people.merge, former=FORMER, person_id=BEN),
    ),
}
