"""Fifty people at once, and a night beside them: what is told to be done is done, once; nothing is lost."""

import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from lms_sync.operations.opening import now
from lms_sync.store.audit import broken
from lms_sync.web.app import create_app
from lms_sync.web.guard import csrf_of
from lms_sync.web.opening import open_district
from lms_sync.web.serve import server_options
from lms_sync.web.sessions import LASTS, SESSION, about_local
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import District, district
from tests.web.chromium import served
from tests.web.outer_visitor import URL
from tests.web.visitor import PORT, local

pytestmark = pytest.mark.slow
PEOPLE = 50
MOST_TRIES = 60


def shared(small: District) -> None:
    path = small.folder / "lms_sync.toml"
    path.write_text(path.read_text(encoding="utf-8") + f'\n[web.outer]\nurl = "{URL}"\n', encoding="utf-8")


def test_fifty_people_decide_at_once_while_a_night_runs(tmp_path: Path) -> None:
    with ExitStack() as stack:
        small = stack.enter_context(district(tmp_path / "ws", nights=1, prepare=shared))
        opened = stack.enter_context(open_district(read_config(small.folder)))
        opened.patience = 0.2
        options = server_options(proxies=0, largest=1_000_000)
        port = stack.enter_context(served(create_app, opened, options=options))
        answers: Counter[int] = Counter()
        troubles: list[str] = []

        def decide(number: int) -> None:
            token = opened.sign_ins.new(SESSION, about_local(f"Person {number}"), at=now(), lasts=LASTS)
            headers = {"Cookie": f"lms_sync_session_{port}={token}", "Sec-Fetch-Site": "same-origin"}
            form = {"csrf": csrf_of(token), "whom": f"Auditor {number}", "days": "14", "reason": "audit"}
            for _ in range(MOST_TRIES):
                answer = requests.post(
                    f"http://127.0.0.1:{port}/agreements/HERON-26/share", data=form, headers=headers, timeout=120
                )
                answers[answer.status_code] += 1
                if answer.status_code == 200:
                    return
                if answer.status_code != 409 or "Nothing was changed" not in answer.text:
                    troubles.append(answer.text)
                    return
            troubles.append("never came to it")

        threads = [threading.Thread(target=decide, args=(number,)) for number in range(PEOPLE)]
        for thread in threads:
            thread.start()
        nights = [small.run("nightly").exit_code for _ in range(2)]
        for thread in threads:
            thread.join()

        assert troubles == []
        assert answers[200] == PEOPLE
        assert set(answers) <= {200, 409}
        assert set(nights) <= {0, 1, 75}
        with opened.reading() as workspace:
            entries = workspace.store.audit.entries()
        assert broken(entries) == ()
        shared_with = [entry.decision.by for entry in entries if entry.kind == "shared evidence"]
        assert sorted(shared_with) == sorted(f"Person {number}" for number in range(PEOPLE))
        page = local(create_app(opened, port=PORT), opened).page("/agreements/HERON-26")
        assert all(f"Auditor {number} may look" in page for number in range(PEOPLE))
