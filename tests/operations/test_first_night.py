"""The first night on a workspace that an earlier version left (tests/operations/earlier_town).

Version 7f9f7b0 read it for two nights: five people, two sources, ids written as formulas, behind apostrophes and with
a character that nobody sees, of which it made learners of their own; a claim that was accepted, a *no*, three
releases. Messages were left out of its database.
"""

from pathlib import Path

import pytest

from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryState
from lms_sync.model.evidence import claim_id
from lms_sync.operations.upgrade.decide import accept_rules
from lms_sync.store.known.registers import RULE_CHANGES
from lms_sync.store.known.who_is_who import read_links
from tests.operations.earlier_workspace import earlier_town
from tests.operations.night_town import Town


@pytest.fixture
def earlier(tmp_path: Path) -> Town:
    return earlier_town(tmp_path / "town")


@pytest.mark.slow
def test_the_first_night_after_an_upgrade(earlier: Town) -> None:
    with earlier.workspace() as workspace:
        before = {(one.finding.code, one.finding.where): one.first_seen for one in workspace.store.findings.open()}
        read = workspace.store.evidence.completions()

    night = earlier.night(days=6)

    ledgers = [dict(file.outcomes) for pulled in night.pulled for file in pulled.files]
    assert ledgers == [{"unchanged": 7, "corrected": 5, "refused": 1}, {"unchanged": 2, "corrected": 1}]
    about_all = "topic-without-offering"  # one finding now, of all topics that no class covers
    assert sorted(finding.code for finding in night.new if finding.code != "delivery-held") == [
        "rules-changed",
        about_all,
    ]
    with earlier.workspace() as workspace:
        store = workspace.store
        open_now = {(one.finding.code, one.finding.where): one.first_seen for one in store.findings.open()}
        assert {key: before[key] for key in open_now.keys() & before.keys()}.items() <= open_now.items()
        gone = {code for code, _ in before.keys() - open_now.keys()}
        assert gone == {"identity-conflict", "topic-without-offering"}, (
            "two keys, one learner; a place in other words"
        )
        assert len(store.evidence.completions()) == len(read)
        (claim,) = [one for one in store.evidence.completions() if one.claim]
        assert store.findings.decisions()[claim_id(claim)].reason == "letter"
        (no,) = read_links(store)
        assert (no.refused, no.by) == (("70102",), "A. Roe")
        assert no.learner in {one.learner.key for one in store.evidence.completions()}
        (change,) = RULE_CHANGES.read(store).values()
        assert change.people == ("70101", "70102", "80201")
        assert night.judged is not None
        assert "overdue" not in {judgement.state.value for judgement in night.judged.people.values()}
    assert [earlier.deliveries(i)[-1].state for i in ("quarry", "heron", "own")] == [
        *(DeliveryState.HELD, DeliveryState.HELD, DeliveryState.SENT)
    ]

    with earlier.workspace() as workspace:
        author = Author("A. Roe", "the ids had been written in two ways", workspace.clock())
        accept_rules(workspace, author, finding_id=change.finding_id)
    assert earlier.night(days=7).new == ()
    assert [earlier.deliveries(i)[-1].state for i in ("quarry", "heron")] == [DeliveryState.SENT] * 2
