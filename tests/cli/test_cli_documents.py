"""documents: filed once, looked through, and a person is documented the same moment."""

import errno
import os
from datetime import timedelta

import pytest
import time_machine
from click.testing import Result

from lms_sync.cli.opening import open_workspace
from lms_sync.documents.vault import Vault
from tests.cli.small_district import GUARD, NOW, OFFICER, District
from tests.deciding import merge_people
from tests.documents.filing_files import PNG, SCRIPT, badge_2, pdf

ADA, BEN = OFFICER[0], GUARD[0]
SAYS = ("--kind", "verified", "--esd", "ESD 113", "--day", "2026-11-01")


def hand_in(one: District, content: bytes, name: str = "letter.pdf") -> str:
    path = one.folder.parent / name
    path.write_bytes(content)
    return str(path)


def add(one: District, path: str, *args: str, person: str = ADA, component: str = "all") -> Result:
    return one.run("documents", "add", path, "--person", person, "--component", component, *SAYS, *args)


def state(one: District, person: str, *args: str) -> str:
    found = one.json("gaps", "--format", "json", *args)
    (told,) = [p for partner in found["partners"] for p in partner["people"] if p["id"] == person]
    return str(told["state"])


def filed(one: District, *args: str) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = one.json("documents", "list", "--format", "json", *args)
    return listed


def kept(one: District) -> list[str]:
    return sorted(path.name for path in (one.folder / "documents").glob("*"))


def test_a_filed_document_makes_a_person_documented_the_same_moment_and_not_before(morning: District) -> None:
    path = hand_in(morning, pdf("ESD 113 verifies that Ada Marsh completed the series."))
    before = state(morning, ADA)
    with time_machine.travel(NOW + timedelta(hours=1)):
        said = add(morning, path, "--number", "88", "--by", "Kim")
        now = state(morning, ADA)
        then = state(morning, ADA, "--known-at", "2026-11-23T08:30")

    assert (before, now, then) == ("on plan", "documented", "on plan")
    assert said.exit_code == 0
    assert "Marsh, Ada  on plan  documented" in said.stdout
    (one,) = filed(morning)
    assert one["components"] == ["classroom", "on-the-job"], "all is what the series asks of an SRO"
    assert (one["number"], one["filed_by"], one["file"]) == ("88", "Kim", "letter.pdf")
    assert kept(morning) == [str(one["kept_as"]).removeprefix("documents/")]
    (logged,) = morning.json("log", "show", "--kind", "document", "--format", "json")
    assert (logged["about"], logged["by"], logged["why"]) == (one["id"], "Kim", "filed letter.pdf")


def test_filing_the_same_again_says_so_and_changes_nothing(morning: District) -> None:
    path = hand_in(morning, pdf("Ada Marsh"))
    add(morning, path)
    first = filed(morning)
    again = add(morning, hand_in(morning, pdf("Ada Marsh"), "renamed copy.pdf"), "--reason", "once more")

    assert (again.exit_code, "On file already" in again.stdout) == (0, True)
    assert filed(morning) == first
    assert len(morning.json("log", "show", "--kind", "document", "--format", "json")) == 1


@pytest.mark.parametrize(
    ("content", "args", "said"),
    [
        (pdf("Ada Marsh"), {"person": BEN}, "the same file is on file already: D"),
        (pdf("Ada Marsh"), {"component": "classroom"}, "the same file is on file already: D"),
        (pdf("Ada Marsh, a second scan"), {}, "another file of ESD 113, without a number, is on file"),
    ],
)
def test_what_is_half_on_file_needs_a_reason(
    morning: District, content: bytes, args: dict[str, str], said: str
) -> None:
    add(morning, hand_in(morning, pdf("Ada Marsh")))
    path = hand_in(morning, content, "second.pdf")
    refused = add(morning, path, **args)
    insisted = add(morning, path, "--reason", "both stand in it", **args)

    assert (refused.exit_code, said in refused.stderr) == (2, True)
    assert f"{ADA} (the classroom topics and on-the-job training days)" in refused.stderr, (
        "it says what is filed, and for whom"
    )
    assert (insisted.exit_code, said in insisted.stdout, len(filed(morning))) == (0, True, 2)
    assert {one["reason"] for one in filed(morning)} == {"", "both stand in it"}


def test_another_person_s_document_is_refused_unless_a_reviewer_says_why(morning: District) -> None:
    path = hand_in(morning, pdf("ESD 113 verifies that Ben Brook completed it."))
    refused = add(morning, path)

    assert refused.exit_code == 2
    assert "does not name Marsh, Ada (00101), and it names Brook, Ben (00201)" in refused.stderr
    assert (filed(morning), kept(morning)) == ([], [])
    assert add(morning, path, "--reason", "misprint; asked the ESD").exit_code == 0


def test_a_badge_awarded_to_another_s_address_is_refused_even_when_it_is_hashed(morning: District) -> None:
    path = hand_in(morning, badge_2(GUARD[3], hashed=True), "badge.json")

    assert add(morning, path).exit_code == 2
    assert add(morning, path, person=BEN).exit_code == 0


def test_what_nobody_has_read_is_filed_and_said(morning: District) -> None:
    said = add(morning, hand_in(morning, PNG, "photo.png"))

    assert (said.exit_code, "nobody has read who it is about" in said.stdout) == (0, True)


def test_a_pdf_that_was_cut_off_is_refused_until_somebody_has_looked_at_it(morning: District) -> None:
    whole = pdf("ESD 113 verifies that Ada Marsh completed the series.")
    path = hand_in(morning, whole[: len(whole) // 3])
    refused = add(morning, path)

    assert (refused.exit_code, "may be cut off or damaged" in refused.stderr) == (2, True)
    assert state(morning, ADA) != "documented"
    assert add(morning, path, "--reason", "it opens, and says so").exit_code == 0


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in an object stream"])
def test_a_pdf_with_a_script_is_kept_and_said_to_have_one(morning: District, *, packed: bool) -> None:
    said = add(morning, hand_in(morning, pdf("Ada Marsh", action=SCRIPT, packed=packed)))

    assert (said.exit_code, "! It carries a script (JavaScript)" in said.stdout) == (0, True)
    assert filed(morning)[0]["notes"] == [
        "It carries a script (JavaScript), as forms to fill in often do: open it where no script can run."
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--person", "101"), 'Did you mean "00101"'),
        (("--person", ADA, "--day", "2026-11-24"), "24 Nov 2026 is in the future"),
        (("--person", ADA, "--day", "2018-12-31"), "before 2019"),
        (("--person", ADA, "--esd", "\x1b "), "no ESD is named"),
        (("--person", ADA, "--day", "1 Nov"), "not a day"),
        ((), "needs --person as well"),
    ],
)
def test_wrong_words_file_nothing(morning: District, args: tuple[str, ...], said: str) -> None:
    path = hand_in(morning, pdf("Ada Marsh"))
    refused = morning.run("documents", "add", path, "--component", "all", *SAYS, *args)

    assert (refused.exit_code, said in refused.stderr) == (2, True)
    assert (filed(morning), kept(morning)) == ([], [])


def test_an_old_day_counts_with_a_reason(morning: District) -> None:
    path = hand_in(morning, pdf("Ada Marsh"))

    assert add(morning, path, "--day", "2018-12-31", "--reason", "a pilot of the ESD").exit_code == 0


def test_a_component_that_is_not_asked_of_the_class_is_kept_and_said(morning: District) -> None:
    said = add(morning, hand_in(morning, pdf("Ada Marsh")), component="check-in")

    assert (said.exit_code, "check-in is not asked of 00101 (class SRO)" in said.stdout) == (0, True)
    assert filed(morning)[0]["components"] == ["check-in"]


def test_all_of_two_classes_is_filed_as_two_documents_of_one_file(morning: District) -> None:
    path = hand_in(morning, pdf("Ada Marsh and Ben Brook"))
    said = add(morning, path, "--person", BEN)

    assert said.exit_code == 0, said.output
    assert {(*one["people"], *one["components"]) for one in filed(morning)} == {  # type: ignore[misc]
        (ADA, "classroom", "on-the-job"),
        (BEN, "classroom", "on-the-job", "check-in"),
    }
    assert len(kept(morning)) == 1
    assert add(morning, path, "--person", BEN).stdout.count("On file already") == 2


def test_a_former_person_id_is_refused_with_the_one_of_today(morning: District) -> None:
    with open_workspace(str(morning.folder)) as workspace, workspace.store.transaction():
        merge_people(workspace.store, "00099", ADA, at=NOW)
    refused = add(morning, hand_in(morning, pdf("Ada Marsh")), person="00099")

    assert (refused.exit_code, "00099 is a former Person ID of 00101" in refused.stderr) == (2, True)


def test_a_withdrawn_document_no_longer_counts_and_its_file_stays(morning: District) -> None:
    add(morning, hand_in(morning, pdf("Ada Marsh")))
    (one,) = filed(morning)
    said = morning.run("documents", "withdraw", str(one["id"]), "--reason", "it was her sister's", "--by", "Kim")

    assert (said.exit_code, "documented" in said.stdout, state(morning, ADA)) == (0, True, "on plan")
    assert (filed(morning), len(kept(morning))) == ([], 1)
    (gone,) = filed(morning, "--withdrawn")
    assert (gone["id"], gone["withdrawn_by"], gone["withdrawn_because"]) == (one["id"], "Kim", "it was her sister's")
    again = morning.run("documents", "withdraw", str(one["id"]), "--reason", "x")
    assert (again.exit_code, "was withdrawn before" in again.stderr) == (2, True)
    assert add(morning, hand_in(morning, pdf("Ada Marsh"))).exit_code == 0
    assert (filed(morning)[0]["id"], filed(morning, "--withdrawn")) == (one["id"], [])
    kinds = morning.json("log", "show", "--about", str(one["id"]), "--format", "json")
    assert [bool(k["before"]) for k in kinds] == [False, True, False]
    assert [k["after"] == "(taken back)" for k in kinds] == [False, True, False]


def test_withdrawing_what_is_not_there_is_told(morning: District) -> None:
    refused = morning.run("documents", "withdraw", "D0", "--reason", "x")

    assert (refused.exit_code, "there is no such document" in refused.stderr) == (2, True)


def test_a_full_disk_files_nothing(morning: District, monkeypatch: pytest.MonkeyPatch) -> None:
    path = hand_in(morning, pdf("Ada Marsh"))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        stopped = add(morning, path)

    assert (stopped.exit_code, "The disk is full" in stopped.stderr) == (2, True)
    assert (filed(morning), kept(morning)) == ([], [])
    assert add(morning, path).exit_code == 0


def test_ctrl_c_between_file_and_fact_leaves_a_file_that_nobody_names(
    morning: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = hand_in(morning, pdf("Ada Marsh"))
    real = Vault.keep

    def stopped_after(self: Vault, *args: object) -> None:
        real(self, *args)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Vault, "keep", stopped_after)
        stopped = add(morning, path)

    assert (stopped.exit_code, filed(morning), len(kept(morning))) == (130, [], 1)
    assert (add(morning, path).exit_code, len(kept(morning))) == (0, 1)


def test_a_file_that_went_missing_or_was_changed_is_found_by_the_night(morning: District) -> None:
    add(morning, hand_in(morning, pdf("Ada Marsh")))
    add(morning, hand_in(morning, pdf("Ben Brook"), "second.pdf"), person=BEN)
    missing, changed = (morning.folder / str(one["kept_as"]) for one in filed(morning))
    content = missing.read_bytes()
    missing.unlink()
    changed.write_bytes(b"%PDF-1.7 forged")
    morning.run("nightly")
    told = morning.run("worklist").stdout

    assert "the file is no longer there (the document D" in told
    assert "the file was changed since it was filed (the document D" in told
    missing.write_bytes(content)
    morning.run("nightly")
    assert "no longer there" not in morning.run("worklist").stdout


def test_no_log_names_anybody(morning: District) -> None:
    add(morning, hand_in(morning, pdf("Ben Brook")))
    add(morning, hand_in(morning, pdf("Ada Marsh")))
    log = (morning.folder / "state/lms_sync.log").read_text(encoding="utf-8")

    assert not any(word in log for word in (ADA, BEN, "Marsh", "Brook", "letter.pdf"))
