"""The section [corrections] of lms_sync.toml: where workbooks that partners filled in come back."""

from typing import Literal

from pydantic import Field, model_validator

from lms_sync.workspace.settings.section import Section


class MailboxSettings(Section):
    """A mailbox that is read over IMAP with TLS. The secret is named, not written."""

    host: str
    port: int = Field(default=993, ge=1, le=65535)
    user: str
    sign_in: Literal["password", "oauth"] = "password"
    """`oauth`: an OAuth 2.0 access token (XOAUTH2), which something else keeps fresh."""
    password_env: str = ""
    password_file: str = ""
    token_env: str = ""
    token_file: str = ""
    folder: str = "INBOX"
    ca_file: str = ""
    authserv_id: str = ""
    """Name of the own mail server as its Authentication-Results headers give it; then only dmarc=pass is believed."""

    @property
    def secret_env(self) -> str:
        """Return the environment variable that holds the secret; empty for none."""
        return self.token_env if self.sign_in == "oauth" else self.password_env

    @property
    def secret_file(self) -> str:
        """Return the file that holds the secret; empty for none."""
        return self.token_file if self.sign_in == "oauth" else self.password_file

    @model_validator(mode="after")
    def _names_its_secret(self) -> "MailboxSettings":
        if not (self.secret_env or self.secret_file):
            names = "token_env or token_file" if self.sign_in == "oauth" else "password_env or password_file"
            raise ValueError(f"name the secret by {names}; never write it here")
        return self


class CorrectionSettings(Section):
    """Where corrections come back."""

    folder: str = "inbox/corrections"
    """Relative to the workspace; .xlsx and .eml files in it are read."""
    mailbox: MailboxSettings | None = None


CORRECTIONS = "corrections"
"""The name of the built-in source; no [[source]] may have it."""
