"""Files that people hand in, built on the spot: PDFs with and without scripts, badges, e-mails, pictures."""

import hashlib
import json
import struct
import zlib
from email.message import EmailMessage

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
LAUNCH = b"<< /S /Launch /F (calc.exe) >>"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def pdf(text: str, *, action: bytes = b"", packed: bool = False) -> bytes:
    """Return a PDF of one page; `action` is what happens when it is opened, `packed` puts it in an object stream."""
    shown = text.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
    page = zlib.compress(b"BT /F1 12 Tf 72 700 Td (" + shown + b") Tj ET")
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R" + (b" /OpenAction 6 0 R" if action else b"") + b" >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    if action:
        objects[6] = action
    streams = {5: (b"/Filter /FlateDecode", page)}
    return _packed(objects, streams) if packed else _plain(objects, streams)


def _plain(objects: dict[int, bytes], streams: dict[int, tuple[bytes, bytes]]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), {}
    bodies = objects | {number: _stream(*one) for number, one in streams.items()}
    for number, body in sorted(bodies.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, last = len(out), max(places)
    rows = [b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 00001 f \n" for n in range(1, last + 1)]
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (last + 1, b"".join(rows))
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (last + 1, start)
    return bytes(out)


def _packed(objects: dict[int, bytes], streams: dict[int, tuple[bytes, bytes]]) -> bytes:
    """Return a PDF whose objects lie compressed in object 7, and whose table of contents is a stream, too."""
    heads, bodies = [], bytearray()
    for number, body in sorted(objects.items()):
        heads.append(b"%d %d" % (number, len(bodies)))
        bodies += body + b"\n"
    head = b" ".join(heads) + b"\n"
    words = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(objects), len(head))
    streams = streams | {7: (words, zlib.compress(head + bytes(bodies)))}
    out, rows = bytearray(b"%PDF-1.7\n"), {0: (0, 0, 65535)}
    rows |= {number: (2, 7, place) for place, number in enumerate(sorted(objects))}
    for number, one in sorted(streams.items()):
        rows[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, _stream(*one))
    rows[8] = (1, len(out), 0)
    table = zlib.compress(b"".join(struct.pack(">BIH", *rows.get(n, (0, 0, 0))) for n in range(9)))
    words = b"/Type /XRef /Size 9 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode"
    start = len(out)
    out += b"8 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (_stream(words, table), start)
    return bytes(out)


def _stream(words: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (words, len(content), content)


def badge_2(email: str, *, hashed: bool = False, name: str = "Safety series") -> bytes:
    """Return an assertion of Open Badges 2.0."""
    identity = f"sha256${hashlib.sha256((email + 'salt').encode()).hexdigest()}" if hashed else email
    recipient = {"type": "email", "hashed": hashed, "identity": identity} | ({"salt": "salt"} if hashed else {})
    said = {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "recipient": recipient}
    return json.dumps(said | {"badge": {"type": "BadgeClass", "name": name}}).encode()


def badge_3(email: str) -> bytes:
    """Return a credential of Open Badges 3.0."""
    said = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "identityType": "emailAddress", "identityHash": email}],
        },
    }
    return json.dumps(said).encode()


def mail(text: str, *, attached: bytes = b"") -> bytes:
    """Return an e-mail of an ESD, with a PDF attached where there is one."""
    message = EmailMessage()
    message["From"], message["To"] = "esd@example.org", "hr@pinehill.example.org"
    message["Date"], message["Subject"] = "Mon, 02 Nov 2026 09:00:00 -0800", "Documentation"
    message.set_content(text)
    if attached:
        message.add_attachment(attached, maintype="application", subtype="pdf", filename="../letter.pdf")
    return message.as_bytes()


def outlook(streams: dict[str, bytes]) -> bytes:
    """Return an e-mail as Outlook saves it: a compound file with these streams and what tells its kind."""
    named = {"Root Entry": b"", "__properties_version1.0": b"", **streams}
    bodies: list[bytes] = []
    table = [0xFFFFFFFD]
    entries = bytearray()
    first = 1 + -(-len(named) * 128 // 512)
    for number, (name, body) in enumerate(named.items()):
        start = first + len(bodies)
        parts = [body[at : at + 512].ljust(512, b"\0") for at in range(0, len(body), 512)]
        bodies += parts
        written = name.encode("utf-16-le") + b"\0\0"
        entries += written.ljust(64, b"\0") + struct.pack("<HB", len(written), 2 if number else 5) + b"\0" * 49
        entries += struct.pack("<IQ", start if parts else 0xFFFFFFFE, len(body))
    directory = bytes(entries).ljust((first - 1) * 512, b"\0")
    table += [number + 1 for number in range(1, first - 1)] + [0xFFFFFFFE]
    for body in named.values():
        size = -(-len(body) // 512)
        table += [len(table) + step for step in range(1, size)] + ([0xFFFFFFFE] if size else [])
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + b"\0" * 10
    head += struct.pack("<IIIIIIIII", 1, 1, 0, 0, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    head += b"\xff\xff\xff\xff" * 108
    sectors = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return head.ljust(512, b"\0") + sectors + directory + b"".join(bodies)
