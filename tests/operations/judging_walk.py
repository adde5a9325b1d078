"""Random days in a town: whatever happens, judging those whom it touched equals judging everybody."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from lms_sync.compliance.decide import decide_claim
from lms_sync.compliance.decide_doubts import end_completions, keep_completions
from lms_sync.compliance.judge import Judged
from lms_sync.model.agreement import FiledDocument, KeptFile
from lms_sync.model.course_map import CourseRow
from lms_sync.model.course_map import course_map as map_of
from lms_sync.model.doubt import DoubtCause
from lms_sync.model.evidence import ClaimReason
from lms_sync.model.finding import Area, short_hash
from lms_sync.model.log import DecisionKind
from lms_sync.model.roster import Person, StaffClass
from lms_sync.model.stored.facts import LAW
from lms_sync.operations.judging import judge_tonight
from lms_sync.operations.night import open_issuer
from lms_sync.people.decide import deny, link, merge, unlink, unmerge
from lms_sync.people.name_answer import answer_question
from lms_sync.people.outdated import CODE as OUTDATED
from lms_sync.people.outdated import question_id
from lms_sync.store.known.people_decided import read_answers
from lms_sync.store.known.registers import DOCUMENTS, DOUBTS
from lms_sync.store.known.snapshot import read_map, read_roster, record_map
from lms_sync.store.known.undated import undated_claims
from lms_sync.store.purge import Purging
from tests.operations.night_files import NAMES, address
from tests.operations.night_town import START
from tests.operations.walked_town import LONG, WalkedTown, course, number, when, who


class Walk(WalkedTown):
    """What people and sources do to one town, and the day that passes."""

    taken = 0
    """How many stored judgements stood, in all walks."""

    def teardown(self) -> None:
        try:
            assert judge_tonight(self.workspace, as_of=self.day, everybody=True).differed is None
        finally:
            self.stack.close()

    @rule(person_id=who, title=course, day=when, account=number, score=st.sampled_from((None, "70", "90")))
    def complete(self, person_id: str, title: str, day: date | None, account: int, score: str | None) -> None:
        reason = ClaimReason.NO_DATE if day is None else ClaimReason.WAIVER if account == 50 else None
        self._store(self.learner(person_id, account), title, day, claim=reason, score=score and Decimal(score))

    @rule(person_id=who, day=st.dates(START.date() - LONG, START.date()), host=st.booleans())
    def train_on_the_job(self, person_id: str, day: date, *, host: bool) -> None:
        attributes = (("experienced_officer", "B. Doe"), ("host_school", "Fir ES")) if host else ()
        self._store(self.learner(person_id, 0), "Days", day, attributes=attributes)

    @rule(person_id=who, form=st.sampled_from(("calm", "calm_2", "rights")))
    def complete_what_a_file_is_called(self, person_id: str, form: str) -> None:
        self._store(self.learner(person_id, 0), form, self.day, attributes=(("course_in_file_name", "yes"),))

    @rule(person_id=who, topic=st.integers(1, 13))
    def report_in_a_correction(self, person_id: str, topic: int) -> None:
        learner = replace(self.learner(person_id, 0), source="corrections")
        self._store(learner, f"topic-{topic:02}", self.day, claim=ClaimReason.CORRECTION)

    @rule(which=number, later=st.integers(1, 90))
    def do_again(self, which: int, later: int) -> None:
        if before := self._chosen(which, lambda c: c.day is not None):
            assert before.day is not None
            again = replace(before, day=before.day + timedelta(days=later))
            if again not in self.done:
                self._write(again)
                self._doubt(before, DoubtCause.DONE_AGAIN, again)

    @rule(which=number)
    def doubt(self, which: int) -> None:
        if before := self._chosen(which, lambda c: c.day is not None):
            self._doubt(before, DoubtCause.NOT_DONE, None)

    @rule(which=number, keep=st.booleans())
    def decide_doubt(self, which: int, *, keep: bool) -> None:
        waiting = [doubt.finding_id for doubt in DOUBTS.read(self.store).values()]
        if waiting:
            decide = keep_completions if keep else end_completions
            self._try(lambda: decide(self.workspace, self.author, finding_id=waiting[which % len(waiting)]))

    @rule(which=number)
    def withdraw(self, which: int) -> None:
        if gone := self._chosen(which, lambda c: True):
            with self.store.transaction():
                self.store.evidence.end_all([gone], reason="withdrawn", now=self.workspace.clock())
            self.done.remove(gone)

    @rule(which=number)
    def purge(self, which: int) -> None:
        if gone := self._chosen(which, lambda c: True):
            with self.store.transaction():
                purging = Purging(self.store.connection, self.store.district_id)
                rows = [row for row in purging.rows("completion") if row.key[1] == gone.record]
                purging.remove("completion", [row.key for row in rows])
            self.done = [completion for completion in self.done if completion.record != gone.record]

    @rule()
    def name_the_files(self) -> None:
        with self.store.transaction():
            self.store.evidence.name_files("class", {"unnamed": "class of autumn.csv"})

    @rule(person_id=who, other=who, account=number)
    def show_with_another_address(self, person_id: str, other: str, account: int) -> None:
        email = address(other) if other in NAMES else "nobody@elsewhere.example.org"
        self._see(replace(self.learner(person_id, account), emails=(email,)))

    @rule(person_id=who, other=who, account=number, what=st.sampled_from((link, deny, unlink)))
    def say_who_it_is(self, person_id: str, other: str, account: int, what: Callable[..., object]) -> None:
        whom = {} if what is unlink else {"person_id": other}
        handle = f"class:{person_id}-{account % 3}"
        self._try(lambda: what(self.workspace, self.author, handle=handle, **whom))

    @rule(which=number, accept=st.booleans())
    def decide_claims(self, which: int, *, accept: bool) -> None:
        known = [*self.store.findings.decisions()]
        waiting = [o.finding.id for o in self.store.findings.open() if o.finding.area is Area.CLAIM] or known
        if waiting:
            claim = waiting[which % len(waiting)]
            undated = accept and claim in undated_claims(self.store)
            day = self.day - timedelta(days=which % 60) if undated else None
            act = partial(decide_claim, claim_id=claim, accepted=accept, training_day=day)
            self._try(lambda: act(self.workspace, self.author))

    @rule(which=number, same=st.booleans())
    def say_whether_a_name_is_new(self, which: int, *, same: bool) -> None:
        asked = [o.finding.id for o in self.store.findings.open() if o.finding.code == OUTDATED]
        asked += [question_id(answer.person_id, answer.then, answer.now) for answer in read_answers(self.store.facts)]
        if asked:
            question = asked[which % len(asked)]
            self._try(lambda: answer_question(self.workspace, self.author, question_id=question, same=same))

    @rule(person_id=who, part=st.sampled_from(("classroom", "on-the-job", "check-in")), day=when)
    def file_document(self, person_id: str, part: str, day: date | None) -> None:
        name = short_hash(person_id, part, str(day))
        file = KeptFile("0" * 64, "letter.pdf", "application/pdf", 3)
        names = (", ".join(NAMES.get(person_id, ("Elsewhere", "Nobody"))),)
        document = FiledDocument(
            name,
            (person_id,),
            (part,),
            "verified",
            "ESD 1",
            day or self.day,
            "",
            file,
            "A. Roe",
            self.day,
            names=names,
        )
        with self.store.transaction():
            author = self.author
            DOCUMENTS.put(self.store, name, document, now=author.at)
            after = DOCUMENTS.plain(document)
            self.store.audit.add(DecisionKind.DOCUMENT, name, author, before=None, after=after)

    @rule(person_id=st.sampled_from(tuple(NAMES)), what=st.sampled_from(range(7)), day=when)
    def edit_the_roster(self, person_id: str, what: int, day: date | None) -> None:
        roster = read_roster(self.store)
        people = dict(roster.people)
        if person_id in people and what == 0:
            self.former[person_id] = people.pop(person_id)
        elif person_id not in people:
            people[person_id] = self.former[person_id]
        else:
            people[person_id] = _changed(people[person_id], what, day)
        assignments = tuple(a for a in roster.assignments if a.person_id in people)
        self._record(replace(roster, people=people, assignments=assignments))

    @rule(former=st.sampled_from(tuple(NAMES)), now=st.sampled_from(tuple(NAMES)), back=st.booleans())
    def merge_people(self, former: str, now: str, *, back: bool) -> None:
        if back:
            self._try(lambda: unmerge(self.workspace, self.author, former=former))
        else:
            self._try(lambda: merge(self.workspace, self.author, former=former, person_id=now))

    @rule(title=course, what=st.sampled_from(range(7)), topic=st.integers(1, 13), day=when)
    def edit_the_map(self, title: str, what: int, topic: int, day: date | None) -> None:
        course_map = read_map(self.store)
        source = "class" if what == 0 else "*"
        rows = {(row.source, row.course): row for row in course_map.rows}
        before = rows.pop((source, title), None) or _row(source, title, topic)
        if what != 1:
            rows[source, title] = _decided(before, what, topic, day)
        cells = [replace(row, cell=f"Courses!A{place + 2}") for place, row in enumerate(rows.values())]
        with self.store.transaction():
            record_map(self.store, map_of(cells, course_map.offerings), now=self.workspace.clock())

    @rule(months=st.integers(1, 12), days=st.integers(-30, 30))
    def change_the_law(self, months: int, days: int) -> None:
        texts = {name: text.text for name, text in LAW.read_all(self.store.facts.read(LAW.kind)).items()}
        series = texts["series"].partition("\n# made up\n")[0]
        block = series[series.index("\n[[version]]") :].replace("2021-07-25", str(self.day + timedelta(days=days)))
        texts["series"] = f"{series}\n# made up\n{block.replace('months = 6', f'months = {months}')}"
        with self.store.transaction():
            payloads = {name: {"text": text} for name, text in texts.items()}
            self.store.facts.record(LAW.kind, payloads, now=self.workspace.clock())

    @rule(days=st.integers(1, 30))
    def let_days_pass(self, days: int) -> None:
        self._pass(self.day + timedelta(days=days))

    @rule(which=number)
    def let_a_day_pass_that_counts(self, which: int) -> None:
        """Go to a first, due or last lawful day, or to the day after it."""
        judged = open_issuer(self.workspace, as_of=self.day).judged
        standings = [s for judgement in judged.people.values() for s in judgement.standings]
        days = {day for s in standings for day in (s.due, s.last_lawful_day) if day and day >= self.day}
        if days:
            self._pass(sorted(days)[which % len(days)] + timedelta(days=which % 2))

    @invariant()
    def judging_the_touched_is_judging_everybody(self) -> None:
        anew = judge_tonight(self.workspace, as_of=self.day)
        everybody = open_issuer(self.workspace, as_of=self.day).judged
        assert facts_of(anew.judged) == facts_of(everybody)
        assert anew.differed is None
        Walk.taken += len(everybody.people) - anew.anew
        with self.store.transaction():
            self.store.findings.see({"judging": everybody.findings}, now=self.workspace.clock())


def facts_of(judged: Judged) -> dict[str, object]:
    """Return all that a judgement says, but for the evidence itself; findings in one order."""
    found: dict[str, object] = {f.name: getattr(judged, f.name) for f in fields(judged) if f.name != "outcomes"}
    return found | {name: sorted(map(repr, getattr(judged, name))) for name in ("findings", "outdated")}


def _changed(person: Person, what: int, day: date | None) -> Person:
    other = StaffClass.OTHER if person.staff_class is StaffClass.SRO else StaffClass.SRO
    return [
        replace(person, first_day=day),
        replace(person, last_name=f"{person.last_name}son", first_name="Zoe"),
        replace(person, first_day=day),
        replace(person, staff_class=None if day is None else other),
        replace(person, emails=() if day is None else (address("80201"),)),
        replace(person, other_ids=(("class", "99999-0"),)),
        replace(person, other_ids=(), preferred_name="Bo"),
    ][what]


def _row(source: str, title: str, topic: int) -> CourseRow:
    days = 1 if title == "Days" else 0
    return CourseRow(source, title, "", title, (topic,), days, 0, None, None, None, "T", START.date())


def _decided(row: CourseRow, what: int, topic: int, day: date | None) -> CourseRow:
    return {
        2: replace(row, decided_on=None if row.decided_on else START.date()),
        3: replace(row, minimum_score=Decimal(80) if row.minimum_score is None else None),
        4: replace(row, counts_from=day),
        5: replace(row, title=f"{row.title} {topic}"),
    }.get(what, replace(row, topics=tuple(sorted({*row.topics, topic}))))
