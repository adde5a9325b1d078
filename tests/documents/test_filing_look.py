"""The look into a file: its text, what it carries, and that no file takes its reader's time or memory."""

import sys
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from lms_sync.documents.file_kinds import MediaKind, kind_of
from lms_sync.documents.look import UNSEEN, FileLook, look_into
from lms_sync.documents.pdf_text import ATTACHED, LOCKED, SENDS, XFA, look_into_pdf
from lms_sync.documents.pdf_text import LAUNCH as LAUNCH_NOTE
from lms_sync.documents.pdf_text import SCRIPT as SCRIPT_NOTE
from tests.documents.filing_files import LAUNCH, SCRIPT, badge_2, mail, outlook, pdf

HERE = pytest.mark.usefixtures("_files_looked_into_here")
"""What is found in a file does not depend on the process that looks; a few tests show that it is one of its own."""


@pytest.fixture(autouse=True)
def _looked_into_here() -> None:
    """Ask a process, unlike the other tests of this room."""


@HERE
@pytest.mark.parametrize("packed", [False, True])
def test_a_plain_pdf_has_its_text_and_no_note(*, packed: bool) -> None:
    assert look_into(pdf("Ada Marsh (SRO)", packed=packed), MediaKind.PDF) == FileLook("Ada Marsh (SRO)")


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in an object stream"])
@pytest.mark.parametrize(
    ("action", "note"),
    [
        (SCRIPT, SCRIPT_NOTE),
        (b"<< /S /J#61vaScript /J#53 (x) >>", SCRIPT_NOTE),
        (b"<< /S /GoTo /Next [ << /S /GoTo /Next << /S /JavaScript /JS (x) >> >> ] >>", SCRIPT_NOTE),
        (LAUNCH, LAUNCH_NOTE),
        (b"<< /S /SubmitForm /F (http://example.org) >>", SENDS),
        (b"<< /XFA 5 0 R >>", XFA),
        (b"<< /EF << /F 5 0 R >> >>", ATTACHED),
    ],
)
def test_what_a_pdf_carries_is_said_wherever_it_stands(action: bytes, note: str, *, packed: bool) -> None:
    text, notes = look_into_pdf(pdf("Ada Marsh", action=action, packed=packed))

    assert (text.strip(), note in notes) == ("Ada Marsh", True)


def test_a_script_in_an_object_stream_is_found_through_the_child_too() -> None:
    assert look_into(pdf("x", action=SCRIPT, packed=True), MediaKind.PDF).notes == (SCRIPT_NOTE,)


@HERE
def test_an_encrypted_pdf_is_said_to_be_one() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf("Ada Marsh"))))
    writer.encrypt("geheim", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)

    assert look_into(out.getvalue(), MediaKind.PDF) == FileLook(None, (LOCKED,))


HARMLESS = (b"%PDF-1.7 rubbish", pdf("Ada Marsh")[:300])


@pytest.mark.parametrize("content", [*HARMLESS, b"%PDF-" + b"[" * 200_000])
def test_a_broken_pdf_has_no_text_and_a_note(content: bytes, request: pytest.FixtureRequest) -> None:
    if content in HARMLESS:
        request.getfixturevalue("_files_looked_into_here")
    looked = look_into(content, MediaKind.PDF)

    assert looked.text is None
    assert len(looked.notes) == 1


@pytest.mark.parametrize(
    "program",
    [
        "while True: pass",
        "import os; os.abort()",
        "print('no answer')",
        "print('[]')",
        "raise MemoryError",
        "import sys; sys.exit(0)",
    ],
)
def test_whatever_a_file_does_to_its_reader_is_a_note(program: str) -> None:
    child = (sys.executable, "-c", program)

    assert look_into(pdf("x"), MediaKind.PDF, program=child, seconds=0.5) == FileLook(None, (UNSEEN,))


def test_the_child_sees_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SYNC_TOKEN", "a secret")
    child = (
        sys.executable,
        "-c",
        'import os, json; print(json.dumps({"text": str(sorted(os.environ)), "notes": []}))',
    )

    assert "LMS_SYNC_TOKEN" not in (look_into(pdf("x"), MediaKind.PDF, program=child).text or "")


def test_an_email_is_read_with_its_attached_pdf() -> None:
    looked = look_into(mail("Dear HR,", attached=pdf("Ben Brook", action=SCRIPT)), MediaKind.MAIL)

    assert looked.text is not None
    assert {"Dear HR,", "Ben Brook", "esd@example.org"} <= set(looked.text.split("\n"))
    assert looked.notes == ("It carries attachments: ../letter.pdf.", SCRIPT_NOTE)


@HERE
def test_an_email_in_an_unknown_alphabet_is_read_as_well_as_may_be() -> None:
    content = mail("Ben Brook").replace(b'charset="utf-8"', b'charset="klingon"')

    assert "Ben Brook" in (look_into(content, MediaKind.MAIL).text or "")


@HERE
def test_a_badge_s_texts_are_read_and_an_image_has_none() -> None:
    assert "ada@quarry.example.org" in (look_into(badge_2("ada@quarry.example.org"), MediaKind.BADGE).text or "")
    assert look_into(b"\x89PNG", MediaKind.PNG) == FileLook()


@HERE
def test_an_outlook_file_is_read_and_its_attachments_are_said() -> None:
    content = outlook(
        {
            "__substg1.0_0037001F": "Documentation".encode("utf-16-le"),
            "__substg1.0_1000001E": b"Ben Brook " * 200,
            "__attach_version1.0_#00000000": b"",
        }
    )
    looked = look_into(content, kind_of(content, name="x").media_type)

    assert looked.text is not None
    assert (looked.text.split()[0], looked.text.count("Ben Brook")) == ("Documentation", 200)
    assert looked.notes == ("It carries attachments.",)


@HERE
def test_a_broken_outlook_file_is_a_note() -> None:
    assert look_into(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, MediaKind.OUTLOOK) == FileLook(
        None, (UNSEEN,)
    )


@HERE
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in an object stream"])
def test_a_script_below_more_levels_than_the_reader_goes_down_is_found(*, packed: bool) -> None:
    deep = b"<< /Next " * 5_000 + SCRIPT + b" >>" * 5_000

    assert SCRIPT_NOTE in look_into(pdf("Ada Marsh", action=deep, packed=packed), MediaKind.PDF).notes
