"""Sign in by OpenID Connect: Microsoft Entra, Google, any provider. What it says of somebody is checked here."""

import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request, session, url_for
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from lms_sync.errors import LmsSyncError, UsageError
from lms_sync.reports.words import clean
from lms_sync.web.opening import OpenDistrict
from lms_sync.web.sessions import Sessions
from lms_sync.web.visit import own_path
from lms_sync.workspace.settings.config import Config, secret
from lms_sync.workspace.settings.web import OidcSettings

log = logging.getLogger(__name__)

SCOPE = "openid email profile"
MOST_TRIES = 30
"""Of one network, that did not come in."""
LONGEST_NAME = 100
PER = timedelta(minutes=15)
NEXT = "next"


class SignInRefused(UsageError):
    """The provider's answer is not one to go by, or the person has no role here."""


def add_oidc(app: Flask, district: OpenDistrict, sessions: Sessions) -> None:
    """Add the way to the provider, and the way back."""
    config = district.config
    settings = config.settings.web.oidc
    if settings is None:
        return
    client = _client(app, config, settings)

    @app.get("/sign-in/oidc", endpoint="oidc_start")
    def _start() -> Response:
        session.clear()
        session[NEXT] = own_path(request.args.get("next", "/"))
        try:
            redirected: Response = client.authorize_redirect(_back(config))
        except (AuthlibBaseError, OSError) as error:
            raise _unreachable(error) from error
        return redirected

    @app.get("/sign-in/back", endpoint="oidc_back")
    def _back_again() -> Response:
        wanted, tries = own_path(session.get(NEXT, "/")), f"oidc {request.remote_addr}"
        if not district.sign_ins.allowed(tries, at=district.clock(), most=MOST_TRIES, per=PER):
            raise SignInRefused("there were too many tries from your network", hint="Wait a quarter of an hour.")
        about = _about(_claims(client, settings), settings)
        # An office has one address for all: who came in is no try.
        district.sign_ins.give_back(tries)
        session.clear()
        response = Response(status=303, headers={"Location": wanted})
        sessions.begin(response, about, at=district.clock())
        return response


def _client(app: Flask, config: Config, settings: OidcSettings) -> Any:
    read = secret(
        settings.client_secret_env, settings.client_secret_file, folder=config.folder, key="[web.oidc] client_secret"
    )
    return OAuth(app).register(
        name="provider",
        client_id=settings.client_id,
        client_secret=read(),
        server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256"},
    )


def _back(config: Config) -> str:
    """Return where the provider sends people back: by the settings, never by what a request says of its host."""
    return config.settings.web.url + url_for("oidc_back")


def _claims(client: Any, settings: OidcSettings) -> Mapping[str, Any]:
    """Return what the provider says of the person. Raises: SignInRefused for an answer that is not to be gone by."""
    # Authlib checks neither the audience nor, beside options of ours, the issuer unless both are stated.
    expected = {
        "iss": {"essential": True, "values": [settings.issuer]},
        "aud": {"essential": True, "values": [settings.client_id]},
        "exp": {"essential": True},
        "sub": {"essential": True},
    }
    try:
        token = client.authorize_access_token(claims_options=expected)
    except OSError as error:
        raise _unreachable(error) from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError) as error:
        log.warning("a sign-in was refused: %s", type(error).__name__)
        raise SignInRefused(
            "the sign-in was not completed",
            hint="Start again; if that does not help, contact whoever looks after this site.",
        ) from error
    claims = token.get("userinfo")
    if not claims:
        raise SignInRefused("the provider did not say who you are", hint="The provider must send an id_token.")
    found: Mapping[str, Any] = claims
    return found


def _about(claims: Mapping[str, Any], settings: OidcSettings) -> dict[str, str]:
    """Return what the session keeps of a person. Raises: SignInRefused without an e-mail address to go by."""
    email = str(claims.get("email") or "")
    if not email:
        raise SignInRefused("the provider did not give your e-mail address", hint="It must send the claim email.")
    if settings.email_verified and claims.get("email_verified") is not True:
        raise SignInRefused(
            "the provider does not call your e-mail address verified",
            hint="Verify it there; or an operator sets email_verified = false in [web.oidc], where it never says.",
        )
    groups = claims.get(settings.groups_claim) or ()
    named = [groups] if isinstance(groups, str) else groups if isinstance(groups, list | tuple) else ()
    name = " ".join(clean(str(claims.get("name") or "")).split())[:LONGEST_NAME]
    return {"name": name or email, "email": email, "groups": json.dumps(list(map(str, named)))}


def _unreachable(error: Exception) -> LmsSyncError:
    log.warning("the provider of sign-ins does not answer: %s", type(error).__name__)
    return SignInRefused("your organization's sign-in does not answer", hint="Try again in a few minutes.")
