"""Under which names whose items were read, as the night remembers it."""

from sqlalchemy import delete

from lms_sync.model.evidence import Completion, Item, Learner, Refused, Skipped
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.operations.pull.names_read import names_read
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.store.known.readers import KIND, NOBODY_KNOWN, NameRead, learner_key
from lms_sync.store.schema import fact
from tests.compliance.person_facts import DAY
from tests.operations.night_files import LOG, done, sheet
from tests.operations.night_town import Town

SEAL = Pseudonyms(b"made up for the tests")
PLACE = Origin("a.csv", "0", "Done", "A2")
WHO = frozenset({"Who"})


def item(who: str, *, readable: bool = True, place: Origin = PLACE) -> Item:
    text = (("Who", who), ("Course", "Rights"))
    if readable:
        return Item(place, text, Completion("class", who, Learner("class", who), "Rights", "", DAY, place), WHO)
    return Item(place, text, Refused(Finding(Area.ROW, "blank", "a", "b", "c", "d")), WHO)


def read(*items: Item, failed: bool = False) -> set[NameRead]:
    return set(
        names_read(Pull("class", "cumulative", (FileRead("a.csv", "0", "0", items, (), failed=failed),)), SEAL)
    )


def told(who: str) -> str:
    return learner_key("class", SEAL.of("learner of class", who)) if who else NOBODY_KNOWN


def of(who: str) -> set[NameRead]:
    names = {"file": "a.csv", "sheet": "Done", "course": "Rights"}
    return {NameRead(kind, name, told(who)) for kind, name in names.items()}


def test_an_item_stands_under_its_file_sheet_and_course() -> None:
    assert {one for one in read(item("ada")) if one.name} == of("ada")


def test_a_refused_row_is_of_whoever_has_its_identifiers_and_else_of_somebody_unknown() -> None:
    assert {one for one in read(item("ada"), item("ada", readable=False)) if one.name} == of("ada")
    assert of("") <= read(item("ada"), item("bo", readable=False))
    assert of("") <= read(item("ada"), item("", readable=False))


def test_a_row_of_totals_is_of_nobody_and_a_file_that_failed_of_somebody_unknown() -> None:
    totals = Item(PLACE, (("Course", "Total"),), Skipped("totals"))
    assert {one for one in read(item("ada"), totals) if one.name} == of("ada")
    assert read(failed=True) == {NameRead("file", "a.csv", NOBODY_KNOWN)}


def origins(town: Town, partner_id: str) -> set[str]:
    people = town.report(partner_id).people
    return {credit.origin for person in people for s in person.requirements for credit in s.credits}


def test_what_an_earlier_version_read_is_not_named_and_what_is_read_from_now_on_is(town: Town) -> None:
    town.write(LOG, sheet([done("80201", "Calm", "10/07/2026")]))
    town.night()
    assert any(origin.startswith("log.csv") for origin in origins(town, "heron"))

    with town.workspace() as workspace, workspace.store.transaction():  # as an earlier version left it
        workspace.store.connection.execute(delete(fact).where(fact.c.kind == KIND))
    town.night(days=1)
    assert origins(town, "heron")
    assert all(origin.startswith("log, row ") for origin in origins(town, "heron"))
