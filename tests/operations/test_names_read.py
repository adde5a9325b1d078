"""Under which names whose items were read, as the night remembers it."""

from sqlalchemy import delete

from lms_sync.model.evidence import Completion, Item, Learner, Refused, Skipped
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.row_memory import RowMemory
from lms_sync.operations.pull.names_read import names_read
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.store.known.readers import KIND, NOBODY_KNOWN, learner_key
from lms_sync.store.schema import fact
from tests.compliance.person_facts import DAY
from tests.operations.night_files import LOG, done, sheet
from tests.operations.night_town import Town

SEAL = Pseudonyms(b"made up for the tests")
PLACE = Origin("a.csv", "0", "Done", "A2")
WHO = frozenset({"Who"})
Found = tuple[str, str, str]


def item(who: str, *, readable: bool = True, place: Origin = PLACE) -> Item:
    text = (("Who", who), ("Course", "Rights"))
    if readable:
        return Item(place, text, Completion("class", who, Learner("class", who), "Rights", "", DAY, place), WHO)
    return Item(place, text, Refused(Finding(Area.ROW, "blank", "a", "b", "c", "d")), WHO)


def read(*items: Item, failed: bool = False) -> set[Found]:
    """Return (kind, name, learner) of all names that are not empty."""
    pull = Pull("class", "cumulative", (FileRead("a.csv", "0", "0", items, (), failed=failed),))
    memory = RowMemory("class", SEAL)
    found = names_read(pull, [memory.stated(item) for item in items], memory)
    return {
        (kind, name, learner) for (kind, name), several in found.items() for learner in set().union(*several) if name
    }


def told(who: str) -> str:
    return learner_key("class", SEAL.of("learner of class", who)) if who else NOBODY_KNOWN


def of(who: str) -> set[Found]:
    names = {"file": "a.csv", "sheet": "Done", "course": "Rights"}
    return {(kind, name, told(who)) for kind, name in names.items()}


def test_an_item_stands_under_its_file_sheet_and_course() -> None:
    assert read(item("ada")) == of("ada")


def test_a_refused_row_is_of_whoever_has_its_identifiers_and_else_of_somebody_unknown() -> None:
    assert read(item("ada"), item("ada", readable=False)) == of("ada")
    assert of("") <= read(item("ada"), item("bo", readable=False))
    assert of("") <= read(item("ada"), item("", readable=False))


def test_a_row_of_totals_is_of_nobody_and_a_file_that_failed_of_somebody_unknown() -> None:
    totals = Item(PLACE, (("Course", "Total"),), Skipped("totals"))
    assert read(item("ada"), totals) == of("ada")
    assert read(failed=True) == {("file", "a.csv", NOBODY_KNOWN)}


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
