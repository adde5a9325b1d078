"""Access tokens for mail servers, of Microsoft (MSAL) or Google (google-auth), kept until shortly before they end.

What is kept lies in `state/tokens`, readable by its owner only. A token that can't be read is asked for anew.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

from lms_sync.errors import ConfigError, MailError
from lms_sync.files import new_private_folder, write_private
from lms_sync.time_limit import within
from lms_sync.workspace.settings.config import Config, secret
from lms_sync.workspace.settings.oauth import OAuthSettings

Purpose = Literal["smtp", "imap", "graph"]
"""What a token opens."""
_MICROSOFT: Mapping[Purpose, str] = {
    "smtp": "https://outlook.office365.com/.default",
    "imap": "https://outlook.office365.com/.default",
    "graph": "https://graph.microsoft.com/.default",
}
_AS_USER: Mapping[Purpose, str] = {
    "smtp": "https://outlook.office.com/SMTP.Send",
    "imap": "https://outlook.office.com/IMAP.AccessAsUser.All",
    # A message is a draft first.
    "graph": "https://graph.microsoft.com/Mail.ReadWrite https://graph.microsoft.com/Mail.Send",
}
_GOOGLE = "https://mail.google.com/"
_EARLY = timedelta(minutes=5)
"""A token that ends sooner is renewed: a batch must not outlive it."""
_SECONDS = 30.0
LONGEST = 120.0
"""Seconds that asking for a token may take in all."""


def access_token(config: Config, purpose: Purpose, mailbox: str, *, clock: Callable[[], datetime]) -> str:
    """Return an access token that lets this program use `mailbox`, a kept one while it is good.

    Raises: ConfigError where [oauth] is missing or a secret of it; MailError, with the provider's words, where it
    gives none.
    """
    settings = config.settings.oauth
    if settings is None:
        raise ConfigError(
            'lms_sync.toml: sign_in = "oauth" needs a section [oauth]',
            hint="docs/operators.md, Mail, says what to register at Microsoft or Google, and what to write there.",
        )
    keeping = _Keeping(config.folder / "state" / "tokens", (settings, purpose, mailbox))
    kept = keeping.read()
    if kept is not None and kept.ends - clock() > _EARLY:
        return kept.access
    refresh = kept.refresh if kept else ""
    ask = partial(_asked, settings, config.folder, purpose=purpose, mailbox=mailbox, refresh=refresh)
    try:
        asked = within(LONGEST, ask)
    except TimeoutError as error:
        raise _refused(f"the sign-in of {settings.provider} gave no token in time ({error})") from None
    keeping.write(Token(asked.access, clock() + timedelta(seconds=asked.seconds), asked.refresh))
    return asked.access


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept between two runs."""

    access: str = field(repr=False)
    ends: datetime
    refresh: str = field(default="", repr=False)
    """The newest refresh token, where the provider gives a new one each time."""


@dataclass(frozen=True, slots=True)
class _Answer:
    access: str = field(repr=False)
    seconds: float
    refresh: str = field(default="", repr=False)


class _Keeping:
    """The file of one token; another app, mailbox or purpose has another one."""

    def __init__(self, folder: Path, about: tuple[OAuthSettings, Purpose, str]) -> None:
        settings, purpose, mailbox = about
        named = json.dumps([settings.model_dump(), purpose, mailbox], sort_keys=True)
        self.path = folder / f"{hashlib.sha256(named.encode()).hexdigest()[:16]}.json"

    def read(self) -> Token | None:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            return Token(str(kept["access"]), datetime.fromtimestamp(kept["ends"], UTC), str(kept["refresh"]))
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return None

    def write(self, token: Token) -> None:
        new_private_folder(self.path.parent)
        text = json.dumps({"access": token.access, "ends": token.ends.timestamp(), "refresh": token.refresh})
        write_private(self.path, text.encode())


def _asked(settings: OAuthSettings, folder: Path, *, purpose: Purpose, mailbox: str, refresh: str) -> _Answer:
    if settings.refresh_token_file and not refresh:
        refresh = secret("", settings.refresh_token_file, folder=folder, key="[oauth] refresh_token")()
    if settings.provider == "google":
        return _from_google(settings, folder, mailbox=mailbox, refresh=refresh)
    return _from_microsoft(settings, folder, purpose=purpose, refresh=refresh)


def _from_microsoft(settings: OAuthSettings, folder: Path, *, purpose: Purpose, refresh: str) -> _Answer:
    # Imported here: MSAL takes a third of a second, and only who signs in so needs it.
    import msal
    import requests
    from msal.exceptions import MsalServiceError

    where = f"{settings.authority.rstrip('/')}/{settings.tenant}"
    wire = _Wire(trusted=_trusted(settings, folder))
    how: dict[str, Any] = {
        "authority": where,
        "http_client": wire,
        # A sign-in server of our own naming is not looked up among Microsoft's.
        "instance_discovery": None if settings.authority.endswith("microsoftonline.com") else False,
    }
    try:
        if settings.refresh_token_file:
            public = msal.PublicClientApplication(settings.client_id, **how)
            answer = public.acquire_token_by_refresh_token(refresh, scopes=_AS_USER[purpose].split())
        else:
            credential = _credential(settings, folder)
            app = msal.ConfidentialClientApplication(settings.client_id, client_credential=credential, **how)
            answer = app.acquire_token_for_client(scopes=[_MICROSOFT[purpose]])
    except (requests.RequestException, ValueError, MsalServiceError, OSError) as error:
        raise _refused(f"{where} gave no token ({type(error).__name__})") from None
    finally:
        wire.close()
    if "access_token" not in answer:
        words = str(answer.get("error_description") or answer.get("error") or "no reason given")
        raise _refused(f"Microsoft gave no token: {_first_line(words)}", _microsoft_hint(words))
    return _Answer(answer["access_token"], float(answer.get("expires_in", 0)), answer.get("refresh_token", refresh))


def _trusted(settings: OAuthSettings, folder: Path) -> str | bool:
    return str(folder / settings.ca_file) if settings.ca_file else True


class _Wire:
    """What MSAL speaks through. Each call names its authorities: the environment's would win over a session's."""

    def __init__(self, *, trusted: str | bool) -> None:
        import requests

        self._wire, self._trusted = requests.Session(), trusted

    def get(self, url: str, **how: Any) -> Any:
        return self._wire.get(url, **{**how, "timeout": _SECONDS, "verify": self._trusted})

    def post(self, url: str, **how: Any) -> Any:
        return self._wire.post(url, **{**how, "timeout": _SECONDS, "verify": self._trusted})

    def close(self) -> None:
        self._wire.close()


def _credential(settings: OAuthSettings, folder: Path) -> str | dict[str, str]:
    if not settings.certificate_file:
        return secret(settings.secret_env, settings.secret_file, folder=folder, key="[oauth] secret")()
    pem = secret("", settings.certificate_file, folder=folder, key="[oauth] certificate")()
    return {"private_key": pem, "public_certificate": pem}


def _from_google(settings: OAuthSettings, folder: Path, *, mailbox: str, refresh: str) -> _Answer:
    import requests
    from google.auth.exceptions import GoogleAuthError
    from google.auth.transport.requests import Request

    try:
        credentials = _google_credentials(settings, folder, mailbox=mailbox, refresh=refresh)
        with requests.Session() as wire:
            credentials.refresh(partial(Request(wire), timeout=_SECONDS, verify=_trusted(settings, folder)))
    except ValueError:
        raise ConfigError(
            f"lms_sync.toml, [oauth]: {settings.service_account_file} is no key of a service account",
            hint="Download the key as JSON from Google Cloud's console, IAM > Service accounts > Keys.",
        ) from None
    except GoogleAuthError as error:
        words = _first_line(str(error.args[0] if error.args else "no reason given"))
        hint = (
            "Check the service account's domain-wide delegation in Google's Admin console, and the mailbox's address."
        )
        raise _refused(f"Google gave no token: {words}", hint) from None
    # google-auth gives a naive instant in UTC.
    ends = credentials.expiry.replace(tzinfo=UTC)
    return _Answer(credentials.token, (ends - datetime.now(UTC)).total_seconds(), refresh)


def _google_credentials(settings: OAuthSettings, folder: Path, *, mailbox: str, refresh: str) -> Any:
    if settings.service_account_file:
        from google.oauth2 import service_account

        text = secret("", settings.service_account_file, folder=folder, key="[oauth] service_account")()
        info = json.loads(text)
        account: Any = service_account.Credentials
        return account.from_service_account_info(info, scopes=[_GOOGLE], subject=mailbox)
    from google.oauth2.credentials import Credentials

    client_secret = secret(settings.secret_env, settings.secret_file, folder=folder, key="[oauth] secret")()
    user: Any = Credentials
    return user(
        None,
        refresh_token=refresh,
        token_uri="https://oauth2.googleapis.com/token",
        client_id=settings.client_id,
        client_secret=client_secret,
        scopes=[_GOOGLE],
    )


def _refused(what: str, hint: str = "") -> MailError:
    return MailError(what, hint=hint or "Is the machine online? Check tenant and authority in [oauth].")


def _microsoft_hint(words: str) -> str:
    for code, hint in {
        "AADSTS7000222": "The app's secret has expired: make a new one in Entra and put it where [oauth] names it.",
        "AADSTS7000215": "The app's secret is wrong: copy its value, not its id, to where [oauth] names it.",
        "AADSTS700016": "Entra knows no such app in this tenant: check client_id and tenant in [oauth].",
        "AADSTS90002": "There is no such tenant: check tenant in [oauth].",
        "AADSTS70008": "The refresh token has expired: let the mailbox's user sign in again.",
    }.items():
        if code in words:
            return hint
    return "Check the app's registration in Entra, its permissions and the administrator's consent."


def _first_line(words: str) -> str:
    return " ".join(words.split())[:300]
