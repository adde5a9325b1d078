"""Mail by Microsoft Graph, against a server on loopback that throttles, refuses, breaks off and takes large files."""

import base64
import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lms_sync.errors import MailError
from lms_sync.mail.graph import PIECE, GraphCarrier
from lms_sync.mail.message import Attachment, MessageParts, build_message
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from tests.mail.scripted_web import DRIP, Asked, Reply, Web, serving

CHIEF, CLERK = "chief@police.example.org", "clerk@police.example.org"
ENVELOPE = Envelope("d-1", "Safety <safety@example.org>", to=(CHIEF,), copy=(CLERK,))
BASE = "/v1.0/users/safety@example.org/messages"
A, D, R, U = (
    RecipientOutcome.ACCEPTED,
    RecipientOutcome.DEFERRED,
    RecipientOutcome.REFUSED,
    RecipientOutcome.UNKNOWN,
)


def message(size: int = 10) -> bytes:
    parts = MessageParts("Ünder", "<p>x</p>", "x", (Attachment("a.pdf", b"%PDF" * (size // 4), "application/pdf"),))
    return build_message(
        parts, envelope=ENVELOPE, message_id="<r1@example.org>", date=datetime(2026, 11, 23, tzinfo=UTC)
    )


def send(web: Web, content: bytes | None = None, token: str = "t0ken") -> tuple[RecipientResult, ...]:
    with carrier(web, [], token).session() as session:
        return session.send(ENVELOPE, content or message())


def carrier(web: Web, waits: list[float], token: str = "t0ken") -> GraphCarrier:
    """Return a carrier that notes its waits instead of waiting."""
    return GraphCarrier("", lambda: token, web.address, times=(5, 5), sleep=waits.append)


def graph(**instead: Reply) -> Callable[[Asked], Reply]:
    """Answer well, but for `draft`, `patch`, `send`, `look`, `attach`."""

    def script(asked: Asked) -> Reply:
        if asked.path == BASE:
            return instead.get("draft", Reply(201, {"id": "AB/C="}))
        if asked.path.endswith("/send"):
            return instead.get("send", Reply(202))
        if asked.path.endswith("createUploadSession"):
            return Reply(201, {"uploadUrl": f"http://{asked.headers['Host']}/elsewhere?right=x"})
        if asked.path.endswith("/attachments"):
            return instead.get("attach", Reply(201, {"id": "at1"}))
        if asked.method == "PATCH":
            return instead.get("patch", Reply(200, {"id": "AB/C="}))
        return instead.get("look", Reply(200, {"isDraft": True}))

    return script


def test_a_message_becomes_a_draft_of_the_exact_bytes_for_the_envelopes_people_and_is_sent() -> None:
    with serving(graph()) as web:
        results = send(web)
    assert results == tuple(RecipientResult(a, A, "Microsoft Graph took it") for a in (CHIEF, CLERK))
    draft, patch, go = web.asked
    assert base64.b64decode(draft.body) == message()
    assert draft.headers["Authorization"] == "Bearer t0ken"
    assert draft.headers["Prefer"] == 'IdType="ImmutableId"'
    assert patch.json() == {
        "toRecipients": [{"emailAddress": {"address": CHIEF}}],
        "ccRecipients": [{"emailAddress": {"address": CLERK}}],
    }
    assert go.path == f"{BASE}/AB%2FC%3D/send"


PORTAL = Reply(200, "<html>Please sign in</html>")
"""What stands in the way and answers for it."""


@pytest.mark.parametrize("what", ["draft", "patch", "attach"])
def test_a_success_that_is_none_of_graphs_sends_nothing(what: str) -> None:
    """Without the second step it would go to everybody in its head: who has it, and who may not have it yet."""
    with serving(graph(**{what: PORTAL})) as web:
        results = send(web, message(2_500_000 if what == "attach" else 10))
    assert {result.outcome for result in results} == {D}
    assert not any(path.endswith("/send") for path in web.paths())


@pytest.mark.parametrize(
    ("look", "outcome"), [(Reply(200, {"isDraft": True}), D), (Reply(200, {"isDraft": False}), A), (PORTAL, U)]
)
def test_a_success_of_sending_that_is_none_of_graphs_is_looked_into(look: Reply, outcome: RecipientOutcome) -> None:
    with serving(graph(send=PORTAL, look=look)) as web:
        assert {result.outcome for result in send(web)} == {outcome}


@pytest.mark.parametrize(
    ("where", "reply", "outcome"),
    [
        ("draft", Reply(429, {"error": {"code": "TooMany"}}, {"Retry-After": "5"}), D),
        ("draft", Reply(503), D),
        ("draft", Reply(0), D),
        ("draft", Reply(400, {"error": {"code": "ErrorInvalidRecipients", "message": "no\nsuch"}}), R),
        ("draft", Reply(413), R),
        ("draft", Reply(302, None, {"Location": "http://evil.example.org/"}), D),
        ("patch", Reply(503), D),
        ("send", Reply(429), D),
        ("send", Reply(400, {"error": {"code": "ErrorSendAsDenied"}}), R),
        ("send", Reply(504), D),
        ("send", Reply(0), D),
    ],
)
def test_what_becomes_of_a_message(where: str, reply: Reply, outcome: RecipientOutcome) -> None:
    with serving(graph(**{where: reply})) as web:
        results = send(web)
    assert {result.outcome for result in results} == {outcome}
    assert all("\n" not in result.detail for result in results)


@pytest.mark.parametrize(
    ("look", "outcome"), [(Reply(200, {"isDraft": False}), A), (Reply(500), U), (Reply(404), U), (Reply(200, {}), U)]
)
def test_where_the_answer_to_sending_is_lost_the_draft_itself_is_looked_at(
    look: Reply, outcome: RecipientOutcome
) -> None:
    with serving(graph(send=Reply(0), look=look)) as web:
        assert {result.outcome for result in send(web)} == {outcome}
    assert web.paths()[-1] == f"GET {BASE}/AB%2FC%3D?$select=isDraft"


@pytest.mark.parametrize(("status", "hint"), [(401, "[oauth]"), (403, "Mail.Send"), (404, "mailbox")])
def test_where_the_app_may_not_there_is_no_way_out_and_it_says_why(status: int, hint: str) -> None:
    reply = Reply(status, {"error": {"code": "ErrorAccessDenied", "message": "Access is denied."}})
    with serving(graph(draft=reply)) as web, pytest.raises(MailError, match="refused") as caught:
        send(web)
    assert hint in caught.value.hint
    assert "t0ken" not in str(caught.value)


def test_a_large_message_goes_in_pieces_to_another_place_that_never_sees_the_token() -> None:
    content = message(3_500_000)
    with serving(graph()) as web:
        assert {result.outcome for result in send(web, content)} == {A}
    draft = web.asked[0].json()
    assert draft["subject"] == "Ünder"
    assert draft["body"]["content"].strip() == "<p>x</p>"
    assert [header["name"] for header in draft["internetMessageHeaders"]] == ["X-Auto-Response-Suppress"]
    pieces = [asked for asked in web.asked if asked.method == "PUT"]
    assert [asked.headers["Content-Range"] for asked in pieces] == [
        f"bytes 0-{PIECE - 1}/3500000",
        f"bytes {PIECE}-3499999/3500000",
    ]
    assert not any("Authorization" in asked.headers for asked in pieces)
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    (part,) = parsed.iter_attachments()
    assert b"".join(asked.body for asked in pieces) == part.get_payload(decode=True)


def test_nobody_there_is_told_with_what_to_check() -> None:
    with serving(graph()) as web:
        gone = web.address
    with pytest.raises(MailError, match="could not be reached") as caught:
        send(Web(gone))
    assert "[mail.graph]" in caught.value.hint


@pytest.mark.parametrize(
    ("told", "waits", "outcomes"),
    [
        ("7", [7.0], [A, A]),
        ("61", [], [D, D]),
        ("Fri, 01 Jan 2021 00:00:00 GMT", [0.0], [A, A]),
        ("soon", [], [D, D]),
        ("\N{SUPERSCRIPT TWO}", [], [D, D]),
        ("", [], [D, D]),
    ],
)
def test_a_throttled_batch_waits_as_long_as_graph_asks_or_leaves_the_rest_for_later(
    told: str, waits: list[float], outcomes: list[RecipientOutcome]
) -> None:
    """FAULTS: after a 429 each further message of the batch was tried at once."""
    answers = iter([Reply(429, {"error": {"code": "ApplicationThrottled"}}, {"Retry-After": told} if told else {})])
    plain, noted = graph(), list[float]()
    with serving(lambda asked: next(answers, None) or plain(asked)) as web, carrier(web, noted).session() as session:
        results = [session.send(ENVELOPE, message())[0].outcome for _ in range(2)]
    assert (noted, results) == (waits, outcomes)
    assert len(web.asked) == (7 if waits else 1)


def test_waiting_for_graph_has_an_end() -> None:
    noted = list[float]()
    with (
        serving(lambda _: Reply(429, {}, {"Retry-After": "25"})) as web,
        carrier(web, noted).session() as session,
    ):
        outcomes = {session.send(ENVELOPE, message())[0].outcome for _ in range(9)}
    assert (outcomes, noted, len(web.asked)) == ({D}, [25.0], 2)


@pytest.mark.parametrize(
    ("reply", "words"), [(Reply(200, {"value": []}), ""), (Reply(403), "refused"), (Reply(503), "503")]
)
def test_a_mailbox_is_looked_into_without_sending_anything(reply: Reply, words: str) -> None:
    with serving(lambda _: reply) as web:
        box = GraphCarrier("safety@example.org", lambda: "t0ken", web.address, times=(5, 5))
        if words:
            with pytest.raises(MailError, match=words):
                box.reach()
        else:
            assert "safety@example.org" in box.reach()
    assert [(asked.method, asked.path.partition("?")[0]) for asked in web.asked] == [("GET", BASE)]


@pytest.mark.parametrize(("where", "outcome"), [("draft", D), ("patch", D), ("send", U)])
def test_an_answer_that_drips_has_an_end(where: str, outcome: RecipientOutcome) -> None:
    """FAULTS: a time-out bounds the silence between two bytes, so a byte a minute held the night for ever."""
    with serving(graph(**{where: Reply(DRIP)}, look=Reply(DRIP))) as web:
        slow = replace(carrier(web, []), longest=0.3)
        with slow.session() as session:
            results = [session.send(ENVELOPE, message())[0] for _ in range(2)]
    assert [result.outcome for result in results] == [outcome, D]
    assert "too slowly" in results[1].detail
