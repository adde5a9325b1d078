"""Partners: each one's report exactly as it would be sent, and the messages: release, hold, try again."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial

from flask import abort, request
from werkzeug.wrappers import Response

from lms_sync.errors import UsageError
from lms_sync.law.standing import State
from lms_sync.mail import decide
from lms_sync.mail.documents import Documents, make_documents
from lms_sync.mail.issue import current_report
from lms_sync.mail.page_links import end_links, without_secret
from lms_sync.mail.send import send
from lms_sync.model.author import Author
from lms_sync.model.delivery import STOPPED, Delivery, DeliveryState
from lms_sync.model.issued import IssuedReport
from lms_sync.model.partner_page import PartnerLink
from lms_sync.model.roster import Partner
from lms_sync.operations.partner_page.reported_states import reported_states
from lms_sync.operations.release import release_held
from lms_sync.store.known.registers import ACKNOWLEDGED, PARTNER_LINKS, REPORTED
from lms_sync.store.workspace import Workspace
from lms_sync.web.documents import kept_file
from lms_sync.web.visit import Visit, content, done, form, page
from lms_sync.web.wording import DELIVERY_WORDS, STATE_NAMES

PREVIEW_CSP = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""An e-mail brings its own styles; nothing in it runs or is fetched."""
OPEN = tuple(state for state in DeliveryState if state is not DeliveryState.SENT)


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One partner in the list."""

    partner: Partner
    counts: tuple[tuple[State, int], ...]
    """State → how many of its people, those that nobody is in left out, the most pressing first."""
    last: IssuedReport | None
    held: int


def partners(visit: Visit) -> str:
    """Return all partners: how their people stand, what they got last, what is held."""
    issuer, store = visit.issuer, visit.workspace.store
    held = Counter(delivery.partner_id for delivery in store.deliveries.listed(DeliveryState.HELD))
    lines = []
    for partner in sorted(issuer.snapshot.roster.partners.values(), key=lambda p: p.name.casefold()):
        assigned = {a.person_id for a in issuer.snapshot.roster.assigned(partner.partner_id, issuer.judged.as_of)}
        counts = Counter(issuer.judged.people[person_id].state for person_id in assigned)
        by_state = tuple((state, counts[state]) for state in STATE_NAMES if counts[state])
        lines.append(PartnerLine(partner, by_state, store.reports.last(partner.partner_id), held[partner.partner_id]))
    return page("partners.html", lines=lines, states=STATE_NAMES, zone=visit.workspace.zone)


def partner(visit: Visit, partner_id: str) -> str:
    """Return one partner's report as it would be sent now, and its messages."""
    chosen = _partner(visit, partner_id)
    documents = _documents(visit, chosen)
    deliveries = [d for d in visit.workspace.store.deliveries.listed() if d.partner_id == partner_id]
    newest = sorted(deliveries, key=lambda delivery: delivery.created_at, reverse=True)
    return page(
        "partner.html",
        partner=chosen,
        subject=documents.email.subject,
        attachments=[attachment.name for attachment in documents.attachments],
        deliveries=newest[:12],
        words=DELIVERY_WORDS,
        zone=visit.workspace.zone,
        report=documents.report,
        links=_working_links(visit, partner_id),
        read=[read for read in ACKNOWLEDGED.read(visit.workspace.store).values() if read.partner_id == partner_id],
        reported=reported_states(visit.workspace.store, visit.issuer, partner_id),
        people=visit.issuer.snapshot.roster.people,
        states=STATE_NAMES,
    )


def _working_links(visit: Visit, partner_id: str) -> list[PartnerLink]:
    today = visit.workspace.today()
    links = PARTNER_LINKS.read(visit.workspace.store).values()
    return [link for link in links if link.partner_id == partner_id and link.works(today)]


def end_partner_links(visit: Visit, partner_id: str) -> Response:
    """Let no link of a partner work any longer."""
    with visit.writing() as workspace:
        ended = end_links(workspace, visit.author(workspace), partner_id=_partner(visit, partner_id).partner_id)
    return done(f"{ended} links of {partner_id} no longer work.", f"/partners/{partner_id}")


def reported_file(visit: Visit, report_id: str) -> Response:
    """Return the certificate that came with a reported training, and record the look."""
    training = REPORTED.read(visit.workspace.store).get(report_id)
    if training is None or training.file is None:
        abort(404)
    return kept_file(visit, training.file, what=f"certificate of {report_id}")


def _partner(visit: Visit, partner_id: str) -> Partner:
    found = visit.issuer.snapshot.roster.partners.get(partner_id)
    if found is None:
        abort(404)
    return found


def _documents(visit: Visit, chosen: Partner) -> Documents:
    """Return what the partner would be sent now, made once for what is stored."""
    judgement = visit.judgement
    report = current_report(visit.workspace.store, judgement.issuer, chosen)
    with visit.district.heavy:
        return judgement.once(
            f"documents {chosen.partner_id}", lambda: make_documents(report, judgement.issuer, preview=True)
        )


def partner_email(visit: Visit, partner_id: str) -> Response:
    """Return the e-mail as its reader sees it, for a frame."""
    html = _documents(visit, _partner(visit, partner_id)).email.html
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = PREVIEW_CSP
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def partner_text(visit: Visit, partner_id: str) -> Response:
    """Return the e-mail's plain text."""
    email = _documents(visit, _partner(visit, partner_id)).email
    return content(f"{email.subject}\n\n{email.text}".encode(), kind="text/plain", name="e-mail.txt")


def partner_file(visit: Visit, partner_id: str, name: str) -> Response:
    """Return one attachment of the report."""
    for attachment in _documents(visit, _partner(visit, partner_id)).attachments:
        if attachment.name == name:
            return content(attachment.content, kind=attachment.media_type, name=attachment.name)
    abort(404)


def messages(visit: Visit) -> str:
    """Return the messages that are not sent, or all."""
    everything = request.args.get("all") == "yes"
    listed = visit.workspace.store.deliveries.listed(*(DeliveryState if everything else OPEN))
    partners_known = visit.issuer.snapshot.roster.partners
    return page(
        "messages.html",
        deliveries=sorted(listed, key=lambda d: (d.state is not DeliveryState.HELD, -d.changed_at.timestamp())),
        partners=partners_known,
        words=DELIVERY_WORDS,
        everything=everything,
        zone=visit.workspace.zone,
    )


def message(visit: Visit, delivery_id: str) -> str:
    """Return one message: to whom, what became of it, and what it says."""
    found = {delivery.delivery_id: delivery for delivery in visit.workspace.store.deliveries.listed()}
    if delivery_id not in found:
        abort(404)
    body = visit.workspace.store.deliveries.body(delivery_id)
    return page(
        "message.html",
        delivery=found[delivery_id],
        words=DELIVERY_WORDS,
        text=_text(body) if body else "",
        zone=visit.workspace.zone,
    )


def _text(body: bytes) -> str:
    parsed = message_from_bytes(body, policy=default)
    assert isinstance(parsed, EmailMessage)
    part = parsed.get_body(("plain",))
    return without_secret(str(part.get_content())) if part else ""


Act = Callable[[Workspace, Author, list[str]], str]


def act_on_messages(visit: Visit) -> Response:
    """Release, hold or try again the messages that are ticked, with one reason."""
    ids = request.form.getlist("delivery")
    act = ACTS.get(form("act"))
    if act is None or not ids:
        raise UsageError("nothing was chosen", hint="Tick at least one message, and choose what to do.")
    with visit.writing() as workspace:
        sentence = act(workspace, visit.author(workspace), ids)
    return done(sentence, form("back") or "/messages")


def _release(workspace: Workspace, author: Author, ids: list[str]) -> str:
    released = release_held(workspace, author, delivery_ids=ids)
    if released.refused and not released.built:
        raise released.refused[0]
    batch = send(workspace)
    sentence = [
        f"{delivery.delivery_id} for {delivery.partner_id}: {_now(workspace, delivery)}"
        for delivery in released.built
    ]
    sentence += [f"Not released: {error}. {error.hint}" for error in released.refused]
    return "\n".join(sentence + ([f"The mail server: {batch.trouble}"] if batch.trouble else []))


def _now(workspace: Workspace, delivery: Delivery) -> str:
    found = workspace.store.deliveries.get(delivery.delivery_id)
    if found.stopped:
        return f"not sent, {found.detail.removeprefix(STOPPED)}"
    return f"{DELIVERY_WORDS[found.state]} {found.detail}".strip()


def _hold(workspace: Workspace, author: Author, ids: list[str]) -> str:
    held = decide.hold(workspace, author, delivery_ids=ids)
    return "\n".join(f"{delivery.delivery_id}: {DELIVERY_WORDS[delivery.state]}" for delivery in held)


def _retry(workspace: Workspace, author: Author, ids: list[str]) -> str:
    again = decide.retry(workspace, author, delivery_ids=ids)
    return "\n".join(f"{delivery.delivery_id}: {DELIVERY_WORDS[delivery.state]}" for delivery in again)


def _settle(workspace: Workspace, author: Author, ids: list[str], *, arrived: bool) -> str:
    settled = decide.settle(workspace, author, delivery_ids=ids, arrived=arrived)
    return "\n".join(f"{delivery.delivery_id}: {delivery.detail}" for delivery in settled)


ACTS: dict[str, Act] = {
    "release": _release,
    "hold": _hold,
    "retry": _retry,
    "arrived": partial(_settle, arrived=True),
    "lost": partial(_settle, arrived=False),
}
"""What can be done with messages; a further act is a further line."""
