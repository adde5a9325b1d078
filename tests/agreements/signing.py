"""A made-up superintendent who signs PDFs, as a PDF program does: by an incremental update."""

from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers

from lms_sync.agreements.clause_c.examine import place_of

SIGNER = "Pat Example, Superintendent"
Box = tuple[int, int, int, int]


@cache
def superintendent() -> signers.SimpleSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SIGNER)]), datetime.now(UTC)
    usage = x509.KeyUsage(
        **{
            "digital_signature": True,
            "content_commitment": True,
            "key_encipherment": False,
            "data_encipherment": False,
        },
        **{"key_agreement": False, "key_cert_sign": False, "crl_sign": False, "encipher_only": False},
        decipher_only=False,
    )
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, now - timedelta(1), now + timedelta(9))
    certificate = made.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    with TemporaryDirectory() as folder:
        pair = Path(folder, "key.pem"), Path(folder, "certificate.pem")
        pair[0].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        pair[1].write_bytes(certificate.public_bytes(Encoding.PEM))
        signer = signers.SimpleSigner.load(str(pair[0]), str(pair[1]))  # type: ignore[no-untyped-call]
    assert isinstance(signer, signers.SimpleSigner)
    return signer


def box_of(pdf: bytes) -> tuple[int, Box]:
    """Return (page, box) within the place for signatures."""
    place = place_of(PdfFileReader(BytesIO(pdf)))
    assert place is not None
    page, low, high = place
    return page, (60, int(low) + 8, 240, int(high) - 24)


def signed(pdf: bytes, name: str = "Signature1", *, visible: bool = True, box: Box | None = None) -> bytes:
    """Return the PDF with a signature behind it: in the place for signatures, or in a box on the first page."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    if visible:
        page, where = (0, box) if box else box_of(pdf)
        fields.append_signature_field(writer, fields.SigFieldSpec(name, on_page=page, box=where))
    out = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=name), signer=superintendent())
    return bytes(out.getvalue())


PLACE = "== Signatures <signatures>\n#v(4cm)\n== After <verification>"


@cache
def some_pdf(words: str = "It is so.", place: str = PLACE) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "page.typ")
        path.write_text(f'#set document(title: "A page")\n= A page\n{words}\n{place}', encoding="utf-8")
        content = typst.Compiler(path).compile(format="pdf", pdf_standards=["ua-1"])
    assert isinstance(content, bytes)
    return content
