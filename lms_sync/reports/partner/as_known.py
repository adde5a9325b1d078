"""Beside whoever is past a last lawful day: what has not been read since that day. Pure."""

from collections.abc import Iterable

from lms_sync.compliance.gap_report import GapReport, ReportedStanding, SourceAge
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined
from lms_sync.reports import words


def as_known(standings: Iterable[ReportedStanding], report: GapReport) -> PartnerText:
    """Return `as known on DAY; SOURCE could not be read since`; empty where every source was read after that day.

    A source counts that was last read before the last of the last lawful days was over, or never.
    """
    past = [standing.last_lawful_day for standing in standings if standing.late and standing.last_lawful_day]
    if not past:
        return NOTHING
    behind = [age for age in report.sources if age.read_on and age.read_on <= max(past)]
    unread = [age for age in report.sources if age.read_on is None]
    if not behind and not unread:
        return NOTHING
    day = min((age.read_on for age in behind if age.read_on), default=report.as_of)
    since = fill("{} could not be read since", _sources(behind)) if behind else NOTHING
    never = fill("not read yet: {}", _sources(unread)) if unread else NOTHING
    return joined("; ", (fill("as known on {}", words.written(day)), since, never))


def _sources(ages: Iterable[SourceAge]) -> PartnerText:
    return words.listed(tuple(dict.fromkeys(words.clean(age.source) for age in ages)))
