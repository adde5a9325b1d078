"""The section [mail] of lms_sync.toml: how reports leave."""

from typing import Literal

from pydantic import Field, model_validator

from lms_sync.workspace.settings.section import Section


class SmtpSettings(Section):
    """A mail relay. The password is named, not written: an environment variable or a file."""

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "plain"] = "starttls"
    user: str = ""
    sign_in: Literal["password", "oauth"] = "password"
    """`oauth`: an access token of [oauth] for the mailbox `user` (XOAUTH2)."""
    password_env: str = ""
    password_file: str = ""
    ca_file: str = ""


class GraphSettings(Section):
    """Microsoft Graph: mail over HTTPS in the name of a mailbox, signed in by [oauth]."""

    mailbox: str = ""
    """Whose mailbox sends; absent: the sender's address."""
    address: str = "https://graph.microsoft.com"
    """Another one in a national cloud."""
    ca_file: str = ""


class MailSettings(Section):
    """How reports leave. The default carrier writes files, so that nothing leaves by accident."""

    carrier: Literal["folder", "smtp", "graph"] = "folder"
    sender: str
    folder: str = "outbox"
    smtp: SmtpSettings | None = None
    graph: GraphSettings = GraphSettings()
    per_minute: int = Field(default=30, ge=1)
    """Messages a minute at most; Microsoft 365 takes 30 from one mailbox."""
    give_up_days: int = Field(default=3, ge=1)

    @model_validator(mode="after")
    def _smtp_is_told(self) -> "MailSettings":
        if self.carrier == "smtp" and self.smtp is None:
            raise ValueError('carrier = "smtp" needs a section [mail.smtp] with at least host')
        if self.smtp is not None and self.smtp.sign_in == "oauth" and not self.smtp.user:
            raise ValueError('[mail.smtp] sign_in = "oauth" needs user: the mailbox that sends')
        return self
