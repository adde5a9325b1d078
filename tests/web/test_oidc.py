"""Signing in by OpenID Connect, against a provider that forges what it says."""

import urllib.parse
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import responses
import time_machine

from tests.cli.small_district import NOW
from tests.web.oidc_forger import HR, ISSUER, Forger, another_browser, desk_for, key_of, sign_in
from tests.web.visitor import Visitor, text


@pytest.fixture(scope="module")
def at_forger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET", "made up")
        with desk_for(tmp_path_factory.mktemp("forger") / "ws", ISSUER) as visitor:
            yield visitor


@pytest.fixture
def forger() -> Iterator[Forger]:
    provider = Forger()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as answers:
        answers.get(
            f"{ISSUER}/.well-known/openid-configuration",
            json={
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/jwks",
                "id_token_signing_alg_values_supported": ["RS256"],
            },
        )
        answers.get(f"{ISSUER}/jwks", json={"keys": [key_of("ours").as_dict(private=False)]})
        answers.add_callback(responses.POST, f"{ISSUER}/token", callback=provider.token)
        yield provider


def test_who_has_a_role_is_signed_in_and_goes_where_they_wanted(at_forger: Visitor, forger: Forger) -> None:
    visitor = another_browser(at_forger)
    answer = sign_in(visitor, forger, wanted="/people?q=brook")

    assert answer.headers["Location"] == "/people?q=brook"
    assert "H. Roe" in visitor.page("/")
    cookie = visitor.client.get_cookie("__Host-lms_sync_session", domain="desk.example.org")
    assert cookie is not None
    assert cookie.secure
    assert cookie.http_only
    assert cookie.path == "/"


NOW_IN_SECONDS = int(NOW.timestamp())
FORGED: dict[str, Callable[[Forger], object]] = {
    "another issuer": lambda forger: forger.claims.update(iss="https://evil.example.org"),
    "no issuer": lambda forger: forger.claims.update(iss=None),
    "another audience": lambda forger: forger.claims.update(aud="another client"),
    "another audience, authorised for ours": lambda forger: forger.claims.update(aud="another client", azp="desk"),
    "no audience": lambda forger: forger.claims.update(aud=None),
    "another nonce": lambda forger: forger.claims.update(nonce="replayed"),
    "no nonce": lambda forger: forger.claims.update(nonce=None),
    "expired": lambda forger: forger.claims.update(exp=NOW_IN_SECONDS - 300),
    "no end": lambda forger: forger.claims.update(exp=None),
    "made in the future": lambda forger: forger.claims.update(iat=NOW_IN_SECONDS + 3600, nbf=NOW_IN_SECONDS + 3600),
    "no subject": lambda forger: forger.claims.update(sub=None),
    "no address": lambda forger: forger.claims.update(email=None),
    "an address that is not verified": lambda forger: forger.claims.update(email_verified=False),
    "an address that nobody calls verified": lambda forger: forger.claims.update(email_verified=None),
    "a foreign key": lambda forger: setattr(forger, "key", key_of("foreign")),
    "no id_token": lambda forger: setattr(forger, "id_token", False),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_is_forged_signs_nobody_in(at_forger: Visitor, forger: Forger, what: str) -> None:
    FORGED[what](forger)
    visitor = another_browser(at_forger)
    answer = sign_in(visitor, forger)

    assert answer.status_code == 422, text(answer)
    assert "What to do" in text(answer)
    assert visitor.get("/").status_code == 303


@pytest.mark.parametrize("state", ["", "tampered"])
def test_a_state_that_is_not_ours_signs_nobody_in(at_forger: Visitor, forger: Forger, state: str) -> None:
    visitor = another_browser(at_forger)

    assert sign_in(visitor, forger, state=state).status_code == 422
    assert visitor.get("/").status_code == 303


def test_a_way_back_works_in_the_browser_that_went_and_once(at_forger: Visitor, forger: Forger) -> None:
    visitor, other = another_browser(at_forger), another_browser(at_forger)
    away = visitor.get("/sign-in/oidc")
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(away.headers["Location"]).query))
    forger.nonce = asked["nonce"]
    back = "/sign-in/back?" + urllib.parse.urlencode({"code": "c", "state": asked["state"]})

    assert other.get(back).status_code == 422
    assert visitor.get(back).status_code == 303
    assert visitor.get(back).status_code == 422


@pytest.mark.parametrize(
    "wanted", ["https://evil.example.org", "//evil.example.org", "/\\evil.example.org", "javascript:x", "/a\r\nb"]
)
def test_the_way_back_leads_to_no_other_site(at_forger: Visitor, forger: Forger, wanted: str) -> None:
    assert sign_in(another_browser(at_forger), forger, wanted=wanted).headers["Location"] == "/"


def test_who_has_no_role_is_told_so_and_sees_nothing(at_forger: Visitor, forger: Forger) -> None:
    forger.claims.update(email="stranger@pinehill.example.org")
    visitor = another_browser(at_forger)
    sign_in(visitor, forger)

    answer = visitor.get("/")
    assert (answer.status_code, "but have no role here. An operator gives roles" in text(answer)) == (403, True)
    assert "no role here" in text(visitor.get("/sign-in"))


def test_an_office_behind_one_address_is_not_locked_out_by_its_own_sign_ins(
    at_forger: Visitor, forger: Forger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms_sync.web.oidc.MOST_TRIES", 3)
    with time_machine.travel(NOW + timedelta(hours=1)):
        for _ in range(5):
            assert sign_in(another_browser(at_forger), forger).status_code == 303
        forger.claims.update(iss="https://other.example.org")
        tried = [text(sign_in(another_browser(at_forger), forger)) for _ in range(4)]
        assert ["too many tries" in words for words in tried] == [False, False, False, True]


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ({"groups": "school-boards", "email": "board@pinehill.example.org"}, "H. Roe (reader)"),
        ({"name": " \n"}, f"{HR} (HR)"),
        ({"name": "H.\nRoe\x00" + "e" * 500}, f"H. Roe {'e' * 93} (HR)"),
    ],
)
def test_groups_and_names_are_taken_in_each_form_that_providers_give(
    at_forger: Visitor, forger: Forger, claims: dict[str, Any], shown: str
) -> None:
    forger.claims.update(claims)
    visitor = another_browser(at_forger)
    sign_in(visitor, forger)
    assert shown in text(visitor.get("/"))


def test_a_group_gives_a_role(at_forger: Visitor, forger: Forger) -> None:
    forger.claims.update(email="board@pinehill.example.org", groups=["school-boards", "others"])
    visitor = another_browser(at_forger)
    sign_in(visitor, forger)

    assert "reader" in visitor.page("/people")
    assert visitor.get("/roster").status_code == 403


def test_a_role_that_is_taken_away_is_gone_at_the_next_click(at_forger: Visitor, forger: Forger) -> None:
    visitor = another_browser(at_forger)
    sign_in(visitor, forger)
    assert visitor.get("/roster").status_code == 200
    path = visitor.client.application.extensions["district"].folder / "lms_sync.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(f'emails = ["{HR}"]', "emails = []"), encoding="utf-8")
    try:
        assert visitor.get("/roster").status_code == 403
        assert visitor.get("/").status_code == 403
    finally:
        path.write_text(before, encoding="utf-8")


def test_a_provider_that_does_not_answer_is_told_in_words(at_forger: Visitor) -> None:
    with responses.RequestsMock():
        app = at_forger.client.application
        client = app.extensions["authlib.integrations.flask_client"].provider
        client.server_metadata.pop("_loaded_at", None)
        answer = another_browser(at_forger).get("/sign-in/oidc")
    assert answer.status_code == 422
    assert "does not answer" in text(answer)


def test_the_terminal_s_link_is_not_there_where_people_sign_in_elsewhere(at_forger: Visitor) -> None:
    assert another_browser(at_forger).get("/start/anything").status_code == 404
