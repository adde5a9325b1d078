"""The section [oauth] of lms_sync.toml: how this program signs in to Microsoft 365 or Google as an app."""

from typing import Literal

from pydantic import model_validator

from lms_sync.workspace.settings.section import Section


class OAuthSettings(Section):
    """An app's registration at the mail provider. Every secret is named, not written."""

    provider: Literal["microsoft", "google"]
    """Whose sign-in server it is."""
    tenant: str = ""
    """Microsoft: the directory's (tenant's) id or domain."""
    client_id: str = ""
    """The app's id; Google needs it for a refresh token only."""
    secret_env: str = ""
    """Environment variable with the app's client secret."""
    secret_file: str = ""
    """File with it."""
    certificate_file: str = ""
    """Microsoft, instead of a secret: a PEM file with the app's private key and its certificate."""
    refresh_token_file: str = ""
    """A refresh token of the mailbox's own user, instead of the app's own right; a newer one is kept in state/."""
    service_account_file: str = ""
    """Google: the service account's key, as JSON."""
    authority: str = "https://login.microsoftonline.com"
    """Microsoft's sign-in server; another one in a national cloud."""
    ca_file: str = ""
    """PEM file of a further authority for the sign-in server's certificate; for a proxy that opens TLS."""

    @model_validator(mode="after")
    def _is_whole(self) -> "OAuthSettings":
        if not self.authority.startswith("https://"):
            raise ValueError("authority must begin with https://")
        if self.provider == "google":
            if not (self.service_account_file or (self.refresh_token_file and self.client_id and self._has_secret)):
                raise ValueError(
                    "Google needs service_account_file, or refresh_token_file with client_id and secret_file"
                )
        elif not (self.tenant and self.client_id):
            raise ValueError("Microsoft needs tenant and client_id")
        elif not (self._has_secret or self.certificate_file or self.refresh_token_file):
            raise ValueError(
                "name the app's secret (secret_file or secret_env), certificate_file or refresh_token_file"
            )
        return self

    @property
    def _has_secret(self) -> bool:
        return bool(self.secret_env or self.secret_file)
