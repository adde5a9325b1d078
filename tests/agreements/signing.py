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
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

SIGNER = "Pat Example, Superintendent"
BOX = (50, 50, 250, 100)


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


def signed(pdf: bytes, name: str = "Signature1", box: tuple[int, int, int, int] | None = BOX) -> bytes:
    """Return the PDF with a signature behind it; a visible one unless the box is None."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    if box is not None:
        fields.append_signature_field(writer, fields.SigFieldSpec(name, on_page=0, box=box))
    out = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=name), signer=superintendent())
    return bytes(out.getvalue())


def overwritten(pdf: bytes) -> bytes:
    """Return the PDF with an update behind it that replaces what its first page shows."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]
    while "/Kids" in page:
        page = page["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


@cache
def some_pdf(words: str = "It is so.") -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "page.typ")
        path.write_text(f'#set document(title: "A page")\n= A page\n{words}', encoding="utf-8")
        content = typst.Compiler(path).compile(format="pdf", pdf_standards=["ua-1"])
    assert isinstance(content, bytes)
    return content
