"""reports list and copy: shipped templates with their variables, copied out and never over a changed one."""

import pytest

from lms_sync.files import shipped
from tests.cli.small_district import District


def test_every_template_is_listed_with_what_it_is_filled_with(evening: District) -> None:
    rows = {row["template"]: row for row in evening.json("reports", "list", "--format", "json")}

    assert set(rows) == {p.name for p in shipped("reports").iterdir() if p.name.endswith((".j2", ".typ"))}
    assert {"district", "contact", "subject"} <= set(rows["partner.html.j2"]["variables"].split(", "))
    assert "district" in rows["plan.typ"]["variables"].split(", ")


def test_a_copy_goes_before_the_shipped_one_and_stays(evening: District) -> None:
    made = evening.run("reports", "copy", "partner.txt.j2", "style.html.j2")
    own = evening.folder / "reports" / "partner.txt.j2"
    copied = own.read_bytes()
    own.write_text("Ours", encoding="utf-8")
    again = evening.run("reports", "copy", "partner.txt.j2")
    rows = {row["template"]: row["yours"] for row in evening.json("reports", "list", "--format", "json")}

    assert made.exit_code == 0, made.output
    assert copied == (shipped("reports") / "partner.txt.j2").read_bytes()
    assert again.exit_code == 2
    assert own.read_text(encoding="utf-8") == "Ours"
    assert (rows["partner.txt.j2"], rows["style.html.j2"], rows["plan.typ"]) == ("changed", "same", "")


@pytest.mark.parametrize(
    ("words", "refusal"), [((), "name the templates"), (("partner.html",), 'Did you mean "partner.')]
)
def test_an_unknown_template_is_refused(evening: District, words: tuple[str, ...], refusal: str) -> None:
    refused = evening.run("reports", "copy", *words)

    assert refused.exit_code == 2
    assert refusal in refused.stderr
    assert not (evening.folder / "reports").exists()
