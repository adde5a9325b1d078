"""What `lms-sync doctor` says about a Moodle site, in the words of its administrators."""

import re
from collections import Counter
from collections.abc import Iterator

from lms_sync.model.evidence import Completion, Item, NotDone, Refused, Skipped
from lms_sync.sources.diagnosis import Check, check_clock, good, note, wrong
from lms_sync.sources.http.answer import WebAnswer
from lms_sync.sources.moodle.answers import SiteInfo
from lms_sync.sources.moodle.calls import SITE_INFO, Calls
from lms_sync.sources.moodle.error_codes import SERVICES
from lms_sync.sources.moodle.found import FoundTable
from lms_sync.sources.moodle.proof import ASKED
from lms_sync.sources.pull import FileRead

OLDEST = (4, 1)
"""The first release whose custom reports can be read through web services."""


def check_site(calls: Calls, answer: WebAnswer, site: SiteInfo) -> Iterator[Check]:
    """Give what the site says of itself and of the service user; `answer` is the one that `site` was read from."""
    endpoint = calls.session.endpoint
    yield good("address and token", f"{site.siteurl} takes the token, as the user {site.username}")
    yield check_clock(answer, endpoint.clock.now())
    if site.siteurl.rstrip("/") != endpoint.url.rstrip("/"):
        yield note(
            "address",
            f"the site calls itself {site.siteurl}, lms_sync.toml says {endpoint.url}",
            "State the site's own address in url; other ones may be redirected, which is refused.",
        )
    yield check_release(site.release)
    if site.userissiteadmin:
        yield wrong(
            "rights",
            f"{site.username} is a site administrator",
            "Make a user of its own with the least rights, as docs/moodle.md shows, and a token for it.",
        )


def check_release(release: str) -> Check:
    """Return whether the release is new enough."""
    match = re.match(r"(\d+)\.(\d+)", release)
    if match is None:
        return note("release", "the site does not state its release", "Moodle 4.1 or newer is needed.")
    if (int(match[1]), int(match[2])) < OLDEST:
        return wrong(
            "release", f"Moodle {release}", 'Moodle 4.1 or newer is needed; until then strategy = "functions".'
        )
    return good("release", f"Moodle {release}")


def check_functions(site: SiteInfo, needs: frozenset[str], wants: frozenset[str]) -> Iterator[Check]:
    """Give what the token's service offers too little or too much."""
    adding = f"{SERVICES} → Functions: add"
    if missing := sorted(needs - site.offered):
        yield wrong("service", f"it lacks {', '.join(missing)}", f"{adding} {', '.join(missing)}.")
    if missing := sorted(wants - site.offered):
        yield note("service", f"it would be safer with {', '.join(missing)}", f"{adding} {', '.join(missing)}.")
    if beyond := sorted(site.offered - needs - wants - {SITE_INFO}):
        yield note(
            "service",
            f"it offers {len(beyond)} functions that are not needed: {', '.join(beyond[:5])}",
            f"{SERVICES} → Functions: take them out, so that the token can do no more than it must.",
        )
    if needs <= site.offered:
        yield good("service", f"it offers all {len(needs) + 1} functions that are needed")


def check_content(found: FoundTable, file: FileRead) -> Iterator[Check]:
    """Give what reading everything once came to, in numbers and without names."""
    counts = Counter(_name(item) for item in file.items)
    listed = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
    yield good("rows", f"{found.name}: {len(file.items):,} rows read in full: {listed}")
    if refused := [item.reading.finding for item in file.items if isinstance(item.reading, Refused)]:
        yield wrong("rows", f"{len(refused):,} cannot be read; the first: {refused[0]}", "See the remedy in it.")
    learners = {r.learner for item in file.items if isinstance(r := item.reading, Completion | NotDone)}
    if bare := sum(not (learner.person_id or learner.emails) for learner in learners):
        yield note(
            "people",
            f"{bare:,} of {len(learners):,} learners have neither an ID number nor an e-mail address",
            "Fill in the ID number (the employee number) of these users; names alone never match.",
        )
    yield _zone(found)
    for finding in file.findings:
        yield note("set-up", f"{finding.where}: {finding.found}", finding.remedy)


def _zone(found: FoundTable) -> Check:
    if found.zone == ASKED:
        return good("zone", f"the site gives its times in {ASKED}, as it is asked to")
    return note(
        "zone",
        f"the site forces one zone on everybody, and lms_sync.toml states {found.zone} for it",
        "Its answers do not state that zone: check that Site administration → Location → Force timezone does.",
    )


def _name(item: Item) -> str:
    match item.reading:
        case Completion():
            return "completions"
        case NotDone():
            return "not completed"
        case Skipped(reason=reason):
            return f"skipped ({reason})"
        case Refused():
            return "unreadable"
        case _:
            return "revoked"
