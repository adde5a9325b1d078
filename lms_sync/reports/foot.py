"""The last sentence of every mail: why one receives it, and whom to tell to have it stopped."""

from collections.abc import Mapping

from markupsafe import escape

from lms_sync.compliance.gate import NOTHING, PartnerText, fill, program, setting

_NIGHT = program(
    "You receive this because your address is listed under [district] hr in lms_sync.toml. If it should stop, or go"
    " to somebody else, contact whoever looks after lms_sync."
)
_TO_CONTACTS = frozenset(("agreement", "notice", "partner", "withdrawal"))
"""Stems of the templates of mails to partners' contacts."""
_ENDS = ("</td></tr></table>", "</body>")
"""Before the last of which the sentence stands in a page; a workspace's own template may have neither."""


def foot_of(stem: str, values: Mapping[str, object]) -> PartnerText:
    """Return the sentence for a mail of the template `stem`, filled with these values; empty for what is no mail."""
    if stem == "night":
        return _NIGHT
    district, contact = (setting(str(values.get(name) or "")) for name in ("district", "contact"))
    if stem == "building":
        return fill(
            "You receive this once a month because {} has opted this building in, with you as its principal. If it"
            " should stop, or go to somebody else, contact {}",
            district,
            contact,
        )
    if values.get("to_person"):
        return fill(
            "You receive this because {} sends everybody who guards its schools their own record, to the address"
            " on its roster. If it should stop, or go to another address, contact {}",
            district,
            contact,
        )
    if stem not in _TO_CONTACTS:
        return NOTHING
    return fill(
        "You receive this because {} lists your address as a contact of your organization. If it should stop, or go"
        " to somebody else, contact {}",
        district,
        contact,
    )


def with_foot(page: str, foot: PartnerText) -> str:
    """Return an HTML page with the sentence as its last paragraph."""
    if not foot:
        return page
    place = next((found for end in _ENDS if (found := page.rfind(end)) >= 0), len(page))
    return f"{page[:place]}<p>{escape(foot)}</p>\n{page[place:]}"
