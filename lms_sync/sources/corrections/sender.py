"""Who sent a message, and what was verified of that: From, and the own mail server's word; the one home of authres.

Headers are read as they came: decoding encoded words first would let a comment turn into a result. Pure.
Source: RFC 8601 (Authentication-Results), RFC 5322 3.4 (addresses).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import ObsoleteHeaderDefect
from email.message import Message
from email.policy import default

from authres import AuthenticationResultsHeader

from lms_sync.model.address import fold_address
from lms_sync.text import is_fit

LONGEST_RESULTS = 20_000
"""Characters of one Authentication-Results header: thousands of results keep its reader busy."""
LONGEST_FROM = 2_000
"""Characters of a From header; honest ones have a line or two."""
_NO_PROOF = "the mail server does not vouch for its sender"


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of who sent a message."""

    address: str
    """The one address of From; empty when there is none that can be relied on."""
    doubt: str = ""
    """Why the address can't be relied on; empty when nothing speaks against it."""
    verified: str = "nobody has verified the sender"
    """What was verified, in words for the person who decides about a claim."""
    is_verified: bool = False
    """True only where the own mail server says so."""


@dataclass(frozen=True, slots=True)
class TrustedServer:
    """The mail server whose word about senders is believed."""

    authserv_id: str = ""
    """As its Authentication-Results headers give it; empty when nobody's word is believed."""
    exchange_online: bool = False
    """Microsoft's, which names no id: then the topmost header is its own."""

    @property
    def vouches(self) -> bool:
        """Tell whether there is such a server."""
        return bool(self.authserv_id) or self.exchange_online


def sender_of(message: Message, server: TrustedServer) -> Sender:
    """Return who sent a message that was parsed as it came (policy compat32), and what `server` says of that."""
    address = _address([str(value) for value in message.get_all("From", [])])
    if not address:
        return Sender("", "it names no sender, more than one, or one that can be read in two ways")
    if not server.vouches:
        return Sender(address)
    domain = fold_address(address).rpartition("@")[2]
    values = [str(value) for value in message.get_all("Authentication-Results", [])]
    doubt = _why_doubted(_results_of(values, server), domain, server)
    if doubt:
        return Sender(address, f"{_NO_PROOF} ({doubt})")
    name = server.authserv_id or "Exchange Online"
    return Sender(address, verified=f"{name} verified that the mail is from {domain} (DMARC)", is_verified=True)


def _address(values: Sequence[str]) -> str:
    """Return the one address of the one From header; empty for anything that is not plainly that."""
    if len(values) != 1 or len(values[0]) > LONGEST_FROM or not is_fit(_unfolded(values[0])):
        return ""
    try:
        header = default.header_factory("From", _unfolded(values[0]))
        groups, defects = header.groups, header.defects
    except Exception:  # the standard library's parser raises many kinds for what nobody writes by hand
        return ""
    plain = all(isinstance(defect, ObsoleteHeaderDefect) for defect in defects)
    if not plain or len(groups) != 1 or groups[0].display_name is not None or len(groups[0].addresses) != 1:
        return ""
    found = groups[0].addresses[0]
    fit = is_fit(found.addr_spec) and is_fit(found.display_name)
    return found.addr_spec if fit and found.username and found.domain else ""


def _unfolded(value: str) -> str:
    """Return a header's value on one line."""
    return re.sub(r"\r?\n(?=[ \t])", "", value)


def _results_of(values: Sequence[str], server: TrustedServer) -> str:
    """Return the topmost header of the trusted server; empty for none. The newest stands first; others are forged."""
    for value in map(_unfolded, values):
        if server.exchange_online:
            return value
        if _authserv_id(value) == server.authserv_id.casefold():
            return value
    return ""


def _authserv_id(value: str) -> str:
    """Return whom a header names as its writer, also where the rest of it can't be read; folded."""
    before = _without_comments(value[:LONGEST_RESULTS]).partition(";")[0].split()
    return before[0].strip('"').casefold() if before else ""


def _without_comments(value: str) -> str:
    """Return a header's value without what stands in brackets, however deeply nested."""
    kept, depth, quoted, escaped = [], 0, False, False
    for sign in value:
        if not escaped and not depth and sign == '"':
            quoted = not quoted
        if not escaped and not quoted and sign == "(":
            depth += 1
        if not depth:
            kept.append(sign)
        if not escaped and not quoted and sign == ")" and depth:
            depth -= 1
            kept.append(" ")
        escaped = sign == "\\" and not escaped
    return "".join(kept)


def _why_doubted(value: str, domain: str, server: TrustedServer) -> str:
    """Return why a header does not prove that a message is from `domain`; empty when it does."""
    if not value:
        return "no Authentication-Results of it"
    if len(value) > LONGEST_RESULTS:
        return "its Authentication-Results are too long"
    # Exchange Online writes no id, and others end with a semicolon: both are put right, nothing is left out.
    written = f"exchange.online; {value}" if server.exchange_online else value.rstrip().rstrip(";")
    try:
        results = AuthenticationResultsHeader.parse_value(written).results
    except Exception:  # SyntaxError of its own, RecursionError, and what else a forged header brings about
        return "its Authentication-Results can't be read"
    found = [result for result in results if result.method.casefold() == "dmarc"]
    if len(found) != 1 or (found[0].result or "").casefold() != "pass":
        return "no dmarc=pass"
    froms = [p.value for p in found[0].properties if (p.type.casefold(), p.name.casefold()) == ("header", "from")]
    if len(froms) != 1 or str(froms[0]).casefold().rstrip(".") != domain.rstrip("."):
        return f"its dmarc=pass is not about {domain}"
    compound = [result for result in results if result.method.casefold() == "compauth"]
    if any((result.result or "").casefold() != "pass" for result in compound):
        return "no compauth=pass"
    return ""
