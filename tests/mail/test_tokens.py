"""Access tokens of Microsoft and Google, against sign-in servers on loopback that refuse, throttle and break off."""

import json
import stat
import urllib.parse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lms_sync.errors import ConfigError, MailError
from lms_sync.workspace.settings import tokens
from lms_sync.workspace.settings.config import Config, Settings
from lms_sync.workspace.settings.tokens import access_token
from tests.mail.scripted_web import DRIP, Asked, Reply, Web, serving
from tests.mail.smtp_servers import certificates

NOW = datetime.now(UTC)
BOX = "safety@example.org"
TENANT = "contoso.example.org"


def settings(folder: Path, **oauth: object) -> Config:
    district = {"id": "lincoln", "name": "Lincoln", "zone": "UTC", "hr": ["hr@example.org"], "contact": "HR"}
    told = {"district": district, "mail": {"sender": BOX}, "oauth": oauth}
    return Config(folder=folder, settings=Settings.model_validate(told))


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def microsoft(token: Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
    def script(asked: Asked) -> Reply:
        base = f"https://{asked.headers['Host']}/{TENANT}"
        if asked.path.endswith("openid-configuration"):
            ends = {"token_endpoint": f"{base}/token", "authorization_endpoint": f"{base}/a", "issuer": base}
            return Reply(200, ends)
        return token(asked)

    return script


def form(asked: Asked) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(asked.body.decode()))


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, str]:
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def app(tmp_path: Path, tls: tuple[object, str]) -> Callable[..., Config]:
    """Return what makes settings of an app at a Microsoft-like server."""
    (tmp_path / "secret").write_text("app-s3cret", encoding="utf-8")

    def made(web: Web, **more: object) -> Config:
        told = {"provider": "microsoft", "tenant": TENANT, "client_id": "c-1", "secret_file": "secret"}
        return settings(tmp_path, **{**told, "authority": web.address, "ca_file": tls[1], **more})

    return made


def test_an_apps_token_is_asked_for_once_and_kept_where_only_its_owner_reads(
    app: Callable[..., Config], tls: tuple[object, str], tmp_path: Path
) -> None:
    given = iter(("first", "second"))
    good = microsoft(lambda _: Reply(200, {"access_token": next(given), "expires_in": 3600, "token_type": "Bearer"}))
    clock = Clock()
    with serving(good, tls=tls[0]) as web:  # type: ignore[arg-type]
        config = app(web)
        assert access_token(config, "smtp", BOX, clock=clock) == "first"
        clock.now += timedelta(minutes=54)
        assert access_token(config, "smtp", BOX, clock=clock) == "first"
        clock.now += timedelta(minutes=2)
        assert access_token(config, "smtp", BOX, clock=clock) == "second", "renewed before it ends"
    asked = form(web.asked[-1])
    assert (asked["grant_type"], asked["client_secret"]) == ("client_credentials", "app-s3cret")
    assert "https://outlook.office365.com/.default" in asked["scope"]
    (kept,) = (tmp_path / "state" / "tokens").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("broken", ["{", "[]", "null", '{"access": 1}', ""])
def test_a_kept_token_that_cannot_be_read_is_asked_for_anew(
    app: Callable[..., Config], tls: tuple[object, str], tmp_path: Path, broken: str
) -> None:
    good = microsoft(lambda _: Reply(200, {"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}))
    with serving(good, tls=tls[0]) as web:  # type: ignore[arg-type]
        config = app(web)
        access_token(config, "smtp", BOX, clock=Clock())
        (kept,) = (tmp_path / "state" / "tokens").iterdir()
        kept.write_text(broken, encoding="utf-8")
        assert access_token(config, "smtp", BOX, clock=Clock()) == "t"


@pytest.mark.parametrize(
    ("reply", "words", "hint"),
    [
        (Reply(401, {"error": "invalid_client", "error_description": "AADSTS7000222: expired"}), "AADSTS", "expired"),
        (Reply(400, {"error": "invalid_client", "error_description": "AADSTS7000215: wrong"}), "AADSTS", "value"),
        (Reply(503), "gave no token", "online"),
        (Reply(429, {"error": "throttled"}), "throttled", "Entra"),
        (Reply(0), "gave no token", "online"),
    ],
)
def test_where_microsoft_gives_no_token_it_is_said_why_and_without_the_secret(
    app: Callable[..., Config], tls: tuple[object, str], reply: Reply, words: str, hint: str
) -> None:
    with (
        serving(microsoft(lambda _: reply), tls=tls[0]) as web,  # type: ignore[arg-type]
        pytest.raises(MailError, match=words) as caught,
    ):
        access_token(app(web), "smtp", BOX, clock=Clock())
    assert hint in caught.value.hint
    assert "app-s3cret" not in str(caught.value) + caught.value.hint


def test_a_newer_refresh_token_is_kept_before_the_token_is_used(
    app: Callable[..., Config], tls: tuple[object, str], tmp_path: Path
) -> None:
    (tmp_path / "refresh").write_text("r0", encoding="utf-8")
    seen: list[str] = []

    def token(asked: Asked) -> Reply:
        seen.append(form(asked)["refresh_token"])
        number = len(seen)
        told = {"access_token": f"t{number}", "refresh_token": f"r{number}", "expires_in": 60}
        return Reply(200, {**told, "token_type": "Bearer"})

    with serving(microsoft(token), tls=tls[0]) as web:  # type: ignore[arg-type]
        config = app(web, secret_file="", refresh_token_file="refresh")
        assert [access_token(config, "imap", BOX, clock=Clock()) for _ in range(2)] == ["t1", "t2"]
    assert seen == ["r0", "r1"]


def google_key(web: Web) -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    told = {"type": "service_account", "client_email": "lms@example.org", "private_key_id": "1", "client_id": "9"}
    return {**told, "private_key": pem, "token_uri": f"{web.address}/token"}


def test_a_google_service_account_acts_for_the_mailbox(tmp_path: Path) -> None:
    with serving(lambda _: Reply(200, {"access_token": "g", "expires_in": 3600})) as web:
        (tmp_path / "key.json").write_text(json.dumps(google_key(web)), encoding="utf-8")
        config = settings(tmp_path, provider="google", service_account_file="key.json")
        assert access_token(config, "smtp", BOX, clock=Clock()) == "g"
        assert access_token(config, "smtp", BOX, clock=Clock()) == "g"
    assert len(web.asked) == 1
    assert form(web.asked[0])["grant_type"].endswith("jwt-bearer")


def test_where_google_refuses_the_delegation_is_named(tmp_path: Path) -> None:
    refused = Reply(401, {"error": "unauthorized_client", "error_description": "not authorized"})
    with serving(lambda _: refused) as web:
        (tmp_path / "key.json").write_text(json.dumps(google_key(web)), encoding="utf-8")
        config = settings(tmp_path, provider="google", service_account_file="key.json")
        with pytest.raises(MailError, match="unauthorized_client") as caught:
            access_token(config, "smtp", BOX, clock=Clock())
    assert "domain-wide delegation" in caught.value.hint


def test_a_file_that_is_no_key_says_where_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text("{}", encoding="utf-8")
    config = settings(tmp_path, provider="google", service_account_file="key.json")
    with pytest.raises(ConfigError, match="no key of a service account") as caught:
        access_token(config, "smtp", BOX, clock=Clock())
    assert "JSON" in caught.value.hint


@pytest.mark.parametrize(
    "told",
    [
        {"provider": "microsoft"},
        {"provider": "microsoft", "tenant": "t", "client_id": "c"},
        {"provider": "google"},
        {"provider": "microsoft", "tenant": "t", "client_id": "c", "secret_file": "s", "authority": "http://x"},
    ],
)
def test_a_half_told_app_is_refused_by_the_settings(tmp_path: Path, told: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"needs|name the app|https"):
        settings(tmp_path, **told)


def test_a_sign_in_that_drips_has_an_end(
    app: Callable[..., Config], monkeypatch: pytest.MonkeyPatch, tls: tuple[object, str]
) -> None:
    monkeypatch.setattr(tokens, "LONGEST", 0.3)
    with serving(lambda _: Reply(DRIP), tls=tls[0]) as web, pytest.raises(MailError, match="in time"):  # type: ignore[arg-type]
        access_token(app(web), "smtp", "safety@example.org", clock=Clock())
