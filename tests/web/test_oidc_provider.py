"""Signing in by OpenID Connect at a real provider, over HTTP."""

import urllib.parse
import urllib.request
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests.cli.small_district import NOW
from tests.web.oidc_forger import DESK, HR, desk_for
from tests.web.visitor import Visitor


@pytest.mark.slow
def test_the_whole_way_at_a_real_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign in, be sent back, sign out, and be expired, at oidc-provider-mock over HTTP."""
    monkeypatch.setenv("SECRET", "made up")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock as mock
    user = mock.User(sub="1", claims={"email": HR, "email_verified": True, "name": "H. Roe"})
    with time_machine.travel(NOW), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with mock.run_server_in_thread(user_claims=[user]) as server:
            issuer = f"http://127.0.0.1:{server.server_port}"
            with desk_for(tmp_path / "ws", issuer) as visitor:
                assert at_provider(visitor, "1").headers["Location"] == "/"
                assert "H. Roe" in visitor.page("/")
                visitor.post("/sign-out")
                assert visitor.get("/").status_code == 303
        with (
            mock.run_server_in_thread(
                port=server.server_port, user_claims=[user], access_token_max_age=-timedelta(minutes=10)
            ),
            desk_for(tmp_path / "expired", issuer) as visitor,
        ):
            assert at_provider(visitor, "1").status_code == 422


def at_provider(visitor: Visitor, sub: str) -> Any:
    """Go to the provider, sign in there by its form, and come back."""
    away = visitor.get("/sign-in/oidc").headers["Location"]

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: Any) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(away, data=urllib.parse.urlencode({"sub": sub}).encode())
    except urllib.error.HTTPError as error:
        back = error.headers["Location"]
        error.close()
    return visitor.get(back.removeprefix(DESK))
