"""The section [mail] of lms_sync.toml: how reports leave."""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from lms_sync.model.address import address_problem
from lms_sync.workspace.settings.section import Section


class SmtpSettings(Section):
    """A mail relay. The password is named, not written: an environment variable or a file."""

    host: str
    """The relay's name."""
    port: int = Field(default=587, ge=1, le=65535)
    """The relay's port."""
    security: Literal["starttls", "tls", "plain"] = "starttls"
    """How the connection is encrypted; `plain` only to this machine itself."""
    user: str = ""
    """The user's name at the relay; absent: none is asked for."""
    sign_in: Literal["password", "oauth"] = "password"
    """`oauth`: an access token of [oauth] for the mailbox `user` (XOAUTH2)."""
    password_env: str = ""
    """Environment variable with the password."""
    password_file: str = ""
    """File with it, relative to the workspace or to systemd's credentials."""
    ca_file: str = ""
    """PEM file of a further authority that may sign certificates; absent: the usual ones."""


class GraphSettings(Section):
    """Microsoft Graph: mail over HTTPS in the name of a mailbox, signed in by [oauth]."""

    mailbox: str = ""
    """Whose mailbox sends; absent: the sender's address."""
    address: str = "https://graph.microsoft.com"
    """Another one in a national cloud."""
    ca_file: str = ""
    """PEM file of a further authority that may sign certificates; absent: the usual ones."""


class MailSettings(Section):
    """How reports leave. The default carrier writes files, so that nothing leaves by accident."""

    carrier: Literal["folder", "smtp", "graph"] = "folder"
    """`folder` writes each message as a file; the others send it."""
    sender: str
    """The address that partners see and answer to."""
    reply_to: str = ""
    """The address of a person who reads answers; absent: the corrections mailbox, or the first of [district] hr."""
    folder: str = "outbox"
    """Where the carrier `folder` writes, relative to the workspace."""
    smtp: SmtpSettings | None = None
    graph: GraphSettings = GraphSettings()
    per_minute: int = Field(default=30, ge=1)
    """Messages a minute at most; Microsoft 365 takes 30 from one mailbox."""
    give_up_days: int = Field(default=3, ge=1)
    """How many days a message that the server puts off is tried again."""

    @field_validator("reply_to")
    @classmethod
    def _can_be_answered(cls, address: str) -> str:
        if address and (problem := address_problem(address)):
            raise ValueError(problem)
        return address

    @model_validator(mode="after")
    def _smtp_is_told(self) -> "MailSettings":
        if self.carrier == "smtp" and self.smtp is None:
            raise ValueError('carrier = "smtp" needs a section [mail.smtp] with at least host')
        if self.smtp is not None and self.smtp.sign_in == "oauth" and not self.smtp.user:
            raise ValueError('[mail.smtp] sign_in = "oauth" needs user: the mailbox that sends')
        return self
