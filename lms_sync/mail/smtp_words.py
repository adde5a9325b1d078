"""What mail servers say, in one line; and what to do about it."""

import re
import smtplib
import ssl

from lms_sync.model.carrier import SenderRefused

_LONGEST_WORDS = 500


def explained(error: OSError | UnicodeError) -> tuple[str, str]:
    """Return what went wrong before any message could be sent, and what to do about it."""
    match error:
        case smtplib.SMTPAuthenticationError():
            words = words_of(error.smtp_code, error.smtp_error)
            return f"refused the sign-in: {words}", _sign_in_hint(words)
        case UnicodeError():
            what = "was not asked: the user or the password holds a letter that is not plain ASCII"
            return what, "Give the relay's account a password of plain letters, digits and signs."
        case ssl.SSLCertVerificationError():
            what = f"showed a certificate that can't be trusted: {error.verify_message}"
            return what, "Check [mail.smtp] host; for an authority of your own, name its certificate at ca_file."
        case smtplib.SMTPResponseException():
            return f"refused the session: {words_of(error.smtp_code, error.smtp_error)}", "Ask those who run it."
        case smtplib.SMTPException():
            hint = "Check [mail.smtp] port and security (587 starttls, 465 tls), and whether it asks for a user."
            return f"gave no session: {plain_line(str(error))}", hint
    hint = "Check [mail.smtp] host, port and security, and whether a firewall is in the way."
    return f"could not be reached: {error.strerror or error or type(error).__name__}", hint


def _sign_in_hint(words: str) -> str:
    """Return what to do about a refused sign-in. Source of the codes: Microsoft's guide to OAuth for SMTP."""
    if "5.7.139" in words:
        return "Microsoft 365 has SMTP off for this mailbox; its administrator can switch it on (Set-CASMailbox)."
    if "5.7.30" in words or "basic authentication" in words.lower():
        return 'Microsoft 365 no longer takes passwords: use sign_in = "oauth" (docs/operators.md, Mail).'
    return "Check [mail.smtp] user, and the password that it names or the app's rights ([oauth])."


def sender_refused(address: str, words: str) -> SenderRefused:
    """Return the error of a server that takes nothing from this sender."""
    return SenderRefused(
        f"the mail server takes nothing from {address}: {words}",
        hint="Check [mail] sender and [mail.smtp] user, and ask those who run the server whether it may send as this"
        " address. What is queued is tried again.",
    )


def words_of(code: int, reply: bytes | str) -> str:
    """Return a reply as one short line."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return plain_line(f"{code} {text}")


def plain_line(text: str) -> str:
    """Return text of a server as one short line without control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())[:_LONGEST_WORDS]
