"""E-mail addresses: what one looks like, when two are one mailbox, and the address inside a sender."""

import hashlib
import re
from email.utils import parseaddr
from urllib.parse import unquote

from lms_sync.errors import UsageError
from lms_sync.model.names import plain_words

# Source: RFC 5322, 3.2.3 (dot-atom) before the @, RFC 1123, 2.1 after it; RFC 3696 erratum 1690 for the length.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})*")
_MAILTO = "mailto:"
_LONGEST_ADDRESS = 254
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def address_problem(address: str) -> str:
    """Return why `address` can't be mailed to, as a sentence's half; empty when it can.

    Only ASCII addresses pass: a domain with other letters has an ASCII form (`xn--…`).
    """
    if len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address):
        return ""
    return f"{address!r} is not an address like name@example.org in plain ASCII letters"


def fold_address(address: str) -> str:
    """Return an address as it is compared: `Chief@Example.org` and `chief@example.org` are one mailbox."""
    return address.strip().lower()


def mailbox_of(written: str) -> str:
    """Return the address in a `mailto:`, or one that stands alone: as people write it, however it is spelt there.

    `%40` stands for @ and `%27` for an apostrophe, and what follows a `?` is no part of it. An address whose escapes
    stand for nothing that an address may hold stays as it is. Source: RFC 6068, section 2.
    """
    address = written.strip()
    if address[: len(_MAILTO)].lower() != _MAILTO:
        return address
    escaped = address[len(_MAILTO) :].partition("?")[0].strip()
    plain = unquote(escaped).strip()
    return escaped if address_problem(plain) else plain


def named_by(address: str) -> tuple[str, ...]:
    """Return the texts by which a record may name somebody who has this address: itself, and hashes of it.

    xAPI's `mbox_sha1sum` is made of the address as the LMS has it: as it is written here, or in lower case.
    Source: xAPI 1.0.3, part 2, section 2.4.2.3.
    """
    if not address:
        return ()
    written, folded = address.strip(), fold_address(address)
    known = (address, _mbox_sha1sum(written))
    return known if written == folded else (*known, _mbox_sha1sum(folded))


def hash_key(digest: str) -> str:
    """Return the key of a learner whom a source names by the hash of an address alone."""
    return f"sha1:{digest.strip()}"


def hash_keys(address: str) -> tuple[str, ...]:
    """Return the keys of those learners whom a source may name by a hash of this address."""
    return tuple(hash_key(named) for named in named_by(address)[1:])


def _mbox_sha1sum(address: str) -> str:
    return hashlib.sha1(f"mailto:{address}".encode(), usedforsecurity=False).hexdigest()


def header_value(what: str, value: str) -> str:
    """Return the text of a header as it is. Raises: UsageError when a header can't hold it; `what` names it."""
    # "=?" starts an encoded word, which a reader would undo, line breaks and all.
    if _CONTROL.search(value) or "=?" in value:
        raise UsageError(
            f'mail, {what}: {value!r} holds a line break, a control character or "=?"',
            hint="Take it out of the name or the template that it came from.",
        )
    return value


def split_sender(sender: str) -> tuple[str, str]:
    """Return (name, address) of a sender such as `Name <address>`. Raises: UsageError when it holds no address."""
    name, address = parseaddr(header_value("sender", sender))
    problem = address_problem(address)
    if problem:
        raise UsageError(
            f"mail, sender: {sender!r} holds no address like name@example.org",
            hint='Write [mail] sender as "Name <name@example.org>".',
        )
    return name, address


def named_sender(sender: str, whose: str) -> str:
    """Return the sender with a name that says whose mail it is: `whose`, where the sender's own name does not.

    Raises: UsageError when the sender holds no address or the name can't stand in a header.
    """
    name, address = split_sender(sender)
    if f" {' '.join(plain_words(whose))} " in f" {' '.join(plain_words(name))} ":
        return sender
    called = f"{name}, {whose}" if name else whose
    quoted = called.replace("\\", "\\\\").replace('"', '\\"')
    return header_value("sender", f'"{quoted}" <{address}>')
