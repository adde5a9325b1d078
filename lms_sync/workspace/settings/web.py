"""The section [web] of lms_sync.toml: where the desk is reached, who may sign in, and what partners reach."""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from lms_sync.workspace.settings.section import Section

LOOPBACK = ("http://127.0.0.1", "http://localhost")


def _address(value: str) -> str:
    """Return an address without a slash at its end. Raises: ValueError for one that a browser can't use."""
    address = value.rstrip("/")
    if address and not address.startswith(("https://", *LOOPBACK)):
        raise ValueError("write https://… as people type it into the browser; http:// only for this machine itself")
    if address.count("/") > 2:
        raise ValueError("only the host, without a path behind it")
    return address


def _one_case(email: str) -> str:
    """Return an address as it is compared; one with other than plain letters only with itself.

    Some letters become plain ones when their case is folded (the Kelvin sign), and would make another's address.
    """
    return email.lower() if email.isascii() else email


class RoleSettings(Section):
    """Who has a role: by e-mail address, or by a group that the sign-in names."""

    emails: tuple[str, ...] = Field(default=(), strict=False)
    """E-mail addresses of those who have the role."""
    groups: tuple[str, ...] = Field(default=(), strict=False)
    """Groups, as the sign-in names them, whose members have it."""

    def includes(self, email: str, groups: tuple[str, ...]) -> bool:
        """Tell whether somebody of this address, or in one of these groups, has the role."""
        return _one_case(email) in map(_one_case, self.emails) or bool({*groups} & {*self.groups})


class RolesSettings(Section):
    """The five roles; one person may have several."""

    hr: RoleSettings = RoleSettings()
    reviewer: RoleSettings = RoleSettings()
    trainer: RoleSettings = RoleSettings()
    operator: RoleSettings = RoleSettings()
    reader: RoleSettings = RoleSettings()

    def of(self, email: str, groups: tuple[str, ...]) -> frozenset[str]:
        """Return the names of the roles that somebody has; empty for nobody we know."""
        return frozenset(name for name in type(self).model_fields if getattr(self, name).includes(email, groups))


class OidcSettings(Section):
    """A provider of OpenID Connect: Microsoft Entra, Google, any. The secret is named, not written."""

    issuer: str
    """As the provider writes it in its tokens; `/.well-known/openid-configuration` lies below it."""
    client_id: str
    """The app's id at the provider."""
    client_secret_env: str = ""
    """Environment variable with the app's secret."""
    client_secret_file: str = ""
    """File with it, relative to the workspace or to systemd's credentials."""
    groups_claim: str = "groups"
    """What the provider's token calls somebody's groups."""
    email_verified: bool = True
    """Refuse an address that the provider does not call verified; some providers never say (Entra): then false."""


class OuterSettings(Section):
    """The second app, for partners and for everybody who verifies a document: it may face the internet."""

    url: str = ""
    """As partners type it; empty: this machine only."""
    port: int = Field(default=8081, ge=1, le=65535)
    """The port that it listens on."""
    link_days: int = Field(default=45, ge=1, le=400)
    """How long a partner's link works."""

    _checked = field_validator("url")(_address)


class SecondPersonSettings(Section):
    """What cannot be undone and asks for a second, signed-in person."""

    acts: tuple[Literal["confirm", "adopt", "waive", "purge"], ...] = Field(default=(), strict=False)
    """Any of "confirm", "adopt", "waive", "purge"; empty: whoever may decide decides alone."""
    days: int = Field(default=7, ge=1, le=60)
    """How long a request waits for the second person."""


class WebSettings(Section):
    """Where the desk is reached and who may sign in."""

    url: str = ""
    """As people type it, behind a proxy with TLS; empty: this machine only, with a link that works once."""
    port: int = Field(default=8080, ge=1, le=65535)
    """The port that the desk listens on."""
    proxies: int | None = Field(default=None, ge=0, le=3)
    """How many proxies stand before it; left out: one before an address with https://, none before other ones."""
    roles: RolesSettings = RolesSettings()
    oidc: OidcSettings | None = None
    outer: OuterSettings = OuterSettings()
    second_person: SecondPersonSettings = SecondPersonSettings()

    _checked = field_validator("url")(_address)

    @model_validator(mode="after")
    def _has_a_sign_in(self) -> "WebSettings":
        if self.url and self.oidc is None:
            raise ValueError("with url there must be [web.oidc]: the link that works once is for this machine only")
        if self.second_person.acts and not self.url:
            raise ValueError(
                "second_person needs url and [web.oidc]: the second person signs in with a name of their own"
            )
        return self

    def proxies_before(self, url: str) -> int:
        """Return how many proxies stand before the app that is reached at `url`."""
        return self.proxies if self.proxies is not None else int(url.startswith("https://"))

    @property
    def secure(self) -> bool:
        """Tell whether browsers reach it by TLS."""
        return self.url.startswith("https://")
