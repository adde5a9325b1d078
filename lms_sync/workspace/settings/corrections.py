"""The section [corrections] of lms_sync.toml: where workbooks that partners filled in come back."""

from typing import Literal

from pydantic import Field, model_validator

from lms_sync.workspace.settings.section import Section


class MailboxSettings(Section):
    """A mailbox that is read over IMAP with TLS. The secret is named, not written."""

    host: str
    """The mail server's name."""
    port: int = Field(default=993, ge=1, le=65535)
    """The mail server's port."""
    user: str
    """The mailbox, as the server knows it."""
    sign_in: Literal["password", "oauth"] = "password"
    """`oauth`: an access token (XOAUTH2), of [oauth] unless token_file or token_env names one."""
    password_env: str = ""
    """Environment variable with the password."""
    password_file: str = ""
    """File with it, relative to the workspace or to systemd's credentials."""
    token_env: str = ""
    """Environment variable with an access token."""
    token_file: str = ""
    """File with it."""
    folder: str = "INBOX"
    """The folder of the mailbox that is read."""
    ca_file: str = ""
    """PEM file of a further authority that may sign certificates; absent: the usual ones."""
    authserv_id: str = ""
    """Name of the own mail server as its Authentication-Results headers give it; then only dmarc=pass is believed."""
    exchange_online: bool = False
    """The mailbox is Microsoft 365's, whose server names no id; only where mail arrives there directly."""

    @property
    def secret_env(self) -> str:
        """Return the environment variable that holds the secret; empty for none."""
        return self.token_env if self.sign_in == "oauth" else self.password_env

    @property
    def secret_file(self) -> str:
        """Return the file that holds the secret; empty for none."""
        return self.token_file if self.sign_in == "oauth" else self.password_file

    @property
    def by_oauth(self) -> bool:
        """Tell whether the section [oauth] gives the token."""
        return self.sign_in == "oauth" and not (self.token_env or self.token_file)

    @model_validator(mode="after")
    def _names_its_secret(self) -> "MailboxSettings":
        if not (self.by_oauth or self.secret_env or self.secret_file):
            raise ValueError("name the secret by password_env or password_file; never write it here")
        if self.exchange_online and self.authserv_id:
            raise ValueError("authserv_id and exchange_online are one or the other: Exchange Online names no id")
        return self


class CorrectionSettings(Section):
    """Where corrections come back."""

    folder: str = "inbox/corrections"
    """Relative to the workspace; .xlsx and .eml files in it are read."""
    mailbox: MailboxSettings | None = None


CORRECTIONS = "corrections"
"""The name of the built-in source; no [[source]] may have it."""
