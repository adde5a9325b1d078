"""Who looked at a filed document, and when: in a file of its own, state/looks.jsonl, not in the log of decisions."""

import json
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from flask import request

from lms_sync.files import private_opener
from lms_sync.operations.opening import STATE
from lms_sync.web.opening import OpenDistrict

FILE = "looks.jsonl"
_ONE_AT_A_TIME = threading.Lock()


def record_look(district: OpenDistrict, who: str, what: str, *, where: str = "") -> None:
    """Record one look at what is filed; `where` tells the network of an outsider.

    Who only asks whether something is there, by HEAD, has seen nothing of it.
    """
    if request.method == "HEAD":
        return
    path = looks_file(district.folder)
    line = {"at": district.clock().isoformat(timespec="seconds"), "who": who, "what": what}
    with _ONE_AT_A_TIME, open(path, "a", encoding="utf-8", opener=private_opener) as file:
        file.write(json.dumps(line | ({"from": where} if where else {}), ensure_ascii=False) + "\n")
    path.chmod(0o600)


def looks_file(folder: Path) -> Path:
    """Return where the looks of a workspace are recorded."""
    return folder / STATE / FILE


def network(address: str) -> str:
    """Return an address's network, a /24 or a /64: enough to see where from, too little to tell who; empty for none.

    However an address is written, the network is one and the same: limits of tries go by it.
    """
    try:
        found = ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network((found, 24 if isinstance(found, IPv4Address) else 64), strict=False))
