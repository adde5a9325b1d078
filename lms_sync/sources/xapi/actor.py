"""Who a statement is about: its actor as a learner of the source."""

from collections.abc import Iterable

from lms_sync.model.address import hash_key, mailbox_of
from lms_sync.model.evidence import Learner
from lms_sync.sources.spreadsheet.forbidden import SSN
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.sources.spreadsheet.records import split_name
from lms_sync.sources.xapi.xapi_statement import Account, Actor
from lms_sync.text import fold


def learner_of(actor: Actor, *, source: str, person_id_homes: frozenset[str]) -> Learner:
    """Return the learner; an account's name is the person's id only for the home pages in `person_id_homes`.

    The learner's key is the e-mail address, else `home page|name` of the account, else `sha1:` and the hash, else the
    OpenID. A hash of an e-mail address can't be turned back, but it can be made of each address on the roster.

    Raises: Misread for a group, an actor without identifier, or one whose identifier is a social security number.
    """
    if actor.kind == "Group":
        raise _nobody("a group of people")
    email = mailbox_of(actor.mbox or "")
    if email and "@" not in email:
        raise _nobody("an mbox that is no e-mail address")
    key = next(filter(None, _keys(actor, email)), "")
    if not key:
        raise _nobody("nobody")
    if SSN.search(key):
        raise Misread(
            "forbidden-id",
            "an actor whose identifier looks like a social security number",
            expected="another identifier",
            remedy="Ask whoever keeps the LMS to name people by e-mail or account, and to void the statement.",
        )
    first, last = split_name(actor.name or "", last_first=False)
    account = actor.account
    is_id = account is not None and home_page(account.home_page) in person_id_homes
    person_id = account.name.strip() if account is not None and is_id else ""
    named = email or fold(actor.mbox_sha1sum or "")
    return Learner(source, fold(key), person_id, (named,) if named else (), first, last)


def home_page(address: str) -> str:
    """Return an account's home page as it is compared: without its last slash and differences of case."""
    return address.strip().rstrip("/").lower()


def unmatchable(learners: Iterable[Learner]) -> tuple[str, ...]:
    """Return, sorted, how those learners are named who carry no e-mail, no hash of one and no person's id."""
    bare = (learner.key for learner in learners if not learner.emails and not learner.person_id)
    return tuple(sorted({_how(key) for key in bare}))


def _keys(actor: Actor, email: str) -> Iterable[str]:
    yield email
    yield _account_key(actor.account) if actor.account else ""
    yield hash_key(actor.mbox_sha1sum) if actor.mbox_sha1sum else ""
    yield (actor.openid or "").strip()


def _account_key(account: Account) -> str:
    name = account.name.strip()
    return f"{home_page(account.home_page)}|{name}" if name else ""


def _how(key: str) -> str:
    home, is_account, _ = key.rpartition("|")
    return f"account of {home}" if is_account else "openid"


def _nobody(found: str) -> Misread:
    return Misread(
        "nobody",
        f"{found} where a person was expected",
        expected="an actor with mbox, account, mbox_sha1sum or openid",
        remedy="Ask whoever keeps the LMS to void the statement, and to send it again about one person.",
    )
