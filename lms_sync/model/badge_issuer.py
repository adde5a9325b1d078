"""Who is believed to have signed Open Badges: the settings name them, and a person has got their keys from them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BadgeIssuer:
    """An issuer of Open Badges, and where what is known of it lies."""

    name: str
    id: str
    """As its badges name it: a DID, or the address of its profile or key."""
    key: Path | None
    """Its public key, PEM; None where the id holds the key (`did:key:…`)."""
    lists: tuple[Path, ...]
    """Its lists of revoked badges, as they were fetched by hand."""
