"""The worklist: each finding with its evidence and what can be answered in place; who somebody is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from lms_sync.compliance.judge import book_of
from lms_sync.errors import LmsSyncError, UsageError
from lms_sync.model.finding import Area, OpenFinding
from lms_sync.model.roster import Partner
from lms_sync.operations.evidence_row import RowAsRead, row_of
from lms_sync.operations.worklist import Answer, Choices, RecentDecision, choices, recently_decided, settle_each
from lms_sync.people import decide as people
from lms_sync.people.cases import Case, cases
from lms_sync.people.decide import seen_of
from lms_sync.store.known.undated import undated_claims
from lms_sync.store.known.who_is_who import read_links
from lms_sync.text import SIGNS_SHOWN, in_order
from lms_sync.web.visit import Visit, day_of, done, form, line_from, page
from lms_sync.web.wording import AREA_WORDS, NEXT, NEXT_BY_AREA, without_commands

_ID = re.compile(r"[\w.-]*[\w-]")
MOST = 60
"""Lines of one page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One finding on the page."""

    waiting: OpenFinding
    row: RowAsRead | None
    choices: Choices
    remedy: str
    next: tuple[str, str] | None
    """(words, page)."""
    undated: bool
    """True for a claim that is accepted with the day of the training: its source gives none."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings are wanted; empty for all."""

    area: str
    partner: str
    source: str

    @classmethod
    def asked(cls) -> "Filter":
        """Return what the address asks for."""
        return cls(*(request.args.get(name, "").strip() for name in ("area", "partner", "source")))


def worklist(visit: Visit) -> str:
    """Return what waits, filtered, the most useful first."""
    wanted = Filter.asked()
    waiting = visit.workspace.store.findings.open()
    partners = visit.issuer.snapshot.roster.partners
    whose = _concerned(visit, partners.get(wanted.partner))
    found = _sorted([o for o in waiting if _fits(o, wanted, whose)])
    start = line_from(len(found), MOST)
    undated = undated_claims(visit.workspace.store)
    return page(
        "worklist.html",
        lines=[_line(visit, waiting, undated) for waiting in found[start : start + MOST]],
        total=len(found),
        start=start,
        most=MOST,
        wanted=wanted,
        areas={area: AREA_WORDS[area] for area in Area if any(o.finding.area is area for o in waiting)},
        partners=partners,
        sources=sorted({o.finding.source for o in waiting if o.finding.source}),
        zone=visit.workspace.zone,
        decided=_decided(visit),
        undated=undated,
        people=visit.issuer.snapshot.roster.people,
    )


def _decided(visit: Visit) -> tuple[RecentDecision, ...]:
    return visit.judgement.once("decided", lambda: recently_decided(visit.workspace))


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom and what a partner's findings are about."""

    people: frozenset[str]
    """Who is assigned to it today."""
    named: frozenset[str]
    """The partner's id, and those of its agreements."""


def _concerned(visit: Visit, partner: Partner | None) -> Concerned | None:
    if partner is None:
        return None
    issuer = visit.issuer
    roster = issuer.snapshot.roster
    people = frozenset(a.person_id for a in roster.assigned(partner.partner_id, issuer.judged.as_of))
    own = (a.agreement_id for a in roster.agreements.values() if a.partner_id == partner.partner_id)
    return Concerned(people, frozenset((partner.partner_id, *own)))


def _fits(waiting: OpenFinding, wanted: Filter, whose: Concerned | None) -> bool:
    finding = waiting.finding
    if wanted.area and finding.area.value != wanted.area:
        return False
    if wanted.source and finding.source != wanted.source:
        return False
    if whose is None or whose.people.intersection(finding.people):
        return True
    # What waits about messages and agreements names the partner where it stands, and no people.
    return finding.area in (Area.DELIVERY, Area.AGREEMENT) and bool(whose.named & {*_ID.findall(finding.where)})


def _sorted(found: Sequence[OpenFinding]) -> list[OpenFinding]:
    """Return what leads first, then by area, the weightiest and the longest waiting first."""
    order = list(AREA_WORDS)

    def place(o: OpenFinding) -> tuple[object, ...]:
        found = o.finding
        return (not found.leads, order.index(found.area), -found.weight, o.first_seen, in_order(found.found))

    return sorted(found, key=place)


def _line(visit: Visit, waiting: OpenFinding, undated: frozenset[str]) -> Line:
    finding = waiting.finding
    answers = choices(finding)
    following = NEXT.get(finding.code) or NEXT_BY_AREA.get(finding.area)
    return Line(
        waiting,
        row_of(visit.workspace.store, visit.issuer, finding),
        answers,
        without_commands(finding.remedy),
        None if answers else following,
        undated=finding.area is Area.CLAIM and finding.id in undated,
    )


def answer(visit: Visit) -> Response:
    """Give one answer to one finding, or to each that is ticked, with one reason."""
    chosen = _chosen()
    days = {claim: day for claim in chosen if (day := day_of(f"day-{claim}", "the day of the training"))}
    waiting = form("waiting") == "yes"
    with visit.writing() as workspace:
        author = visit.author(workspace)
        settled = settle_each(workspace, author, answers=chosen, training_days=days, as_waiting=waiting)
        known = {finding_id: workspace.store.findings.known(finding_id) for finding_id in settled.refused}
    names = {finding_id: finding.found for finding_id, finding in known.items() if finding}
    if settled.refused and not settled.done:
        raise _all_of(settled.refused, names)
    sentences = [
        *(_with_short_ids(sentence, chosen) for sentence in settled.done),
        *(f"Not done: {_named(id_, error, names)}. {error.hint}" for id_, error in settled.refused.items()),
    ]
    return done("\n".join(sentences), form("back") or "/worklist")


def _all_of(refused: Mapping[str, LmsSyncError], names: Mapping[str, str]) -> LmsSyncError:
    """Return one error that says of each what is wrong, and each remedy once."""
    first, *others = refused.values()
    if not others and not isinstance(first, UsageError):
        return first
    hints = dict.fromkeys(error.hint for error in refused.values() if error.hint)
    return UsageError("\n".join(_named(i, error, names) for i, error in refused.items()), hint=" ".join(hints))


def _named(finding_id: str, error: LmsSyncError, names: Mapping[str, str]) -> str:
    """Return an error with what the finding says beside its id: no page shows ids."""
    about = f" ({names[finding_id]})" if finding_id in names else ""
    return str(error).replace(finding_id, f"{finding_id[:SIGNS_SHOWN]}{about}", 1)


def _with_short_ids(sentence: str, ids: Iterable[str]) -> str:
    """Return a sentence with the beginnings of ids only: a person recognises them, and can say them."""
    for finding_id in ids:
        sentence = sentence.replace(finding_id, finding_id[:SIGNS_SHOWN])
    return sentence


def _chosen() -> dict[str, Answer]:
    """Return finding id → answer: of the button that was pressed, or of all lines that are ticked.

    Raises: UsageError for an answer that there is none of.
    """
    single, _, word = form("one").partition(":")
    ids = [single] if single else request.form.getlist("finding")
    try:
        wanted = Answer(word or form("answer"))
    except ValueError as error:
        raise UsageError("no answer was chosen", hint="Choose one of the answers.") from error
    return dict.fromkeys(ids, wanted)


def matches(visit: Visit) -> str:
    """Return the learners of whom only a person can tell who they are, what speaks for whom, and what was decided."""
    judgement = visit.judgement
    store = visit.workspace.store
    links = sorted(read_links(store), key=lambda link: link.on, reverse=True)
    judged_by = read_links(store, judgement.issuer.now)
    start = line_from(len(links), MOST)
    return page(
        "matches.html",
        cases=judgement.once("cases", lambda: _cases(visit)),
        people=judgement.issuer.snapshot.roster.people,
        links=links[start : start + MOST],
        seen={(link.source, link.learner): seen_of(link) for link in judged_by},
        total=len(links),
        start=start,
        most=MOST,
    )


def _cases(visit: Visit) -> tuple[Case, ...]:
    issuer = visit.issuer
    book = book_of(issuer.snapshot, issuer.pseudonyms)
    return cases(issuer.snapshot, issuer.judged.matches, book, issuer.pseudonyms)


def match(visit: Visit) -> Response:
    """Record that a learner is one of the people named, or none of them; or take back what was recorded."""
    if form("unlink"):
        return _unlink(visit, form("unlink"))
    handle, person_id = form("learner"), form("person")
    others = request.form.getlist("candidate")
    with visit.writing() as workspace:
        author = visit.author(workspace)
        if person_id:
            people.link(workspace, author, handle=handle, person_id=person_id, seen=form("seen"))
            sentences = f"{handle} is {person_id}. All of its completions count for this person."
        else:
            people.refuse(workspace, author, handle=handle, people=others, seen=form("seen"))
            sentences = f"{handle} is none of {', '.join(others)}."
    return done(sentences, "/matches")


def _unlink(visit: Visit, handle: str) -> Response:
    with visit.writing() as workspace:
        before = people.unlink(workspace, visit.author(workspace), handle=handle)
    ended = f"no longer linked to {before.person_id}" if before.person_id else "to be decided again"
    return done(f"{before.shown} is {ended}.", "/matches")
