"""What somebody may put behind an issued PDF to make it show something else; each is a file that programs open."""

from io import BytesIO

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    Reference,
    StreamObject,
    pdf_name,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from tests.agreements.signing import superintendent

PAGE = (0, 0, 612, 792)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def _dictionary(**entries: object) -> DictionaryObject:
    return DictionaryObject({pdf_name(f"/{key}"): value for key, value in entries.items()})  # type: ignore[no-untyped-call]


def _numbers(*values: int) -> ArrayObject:
    return ArrayObject([NumberObject(value) for value in values])  # type: ignore[no-untyped-call]


def overwritten(pdf: bytes) -> bytes:
    """Replace what the first page shows."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = _first_page(writer)
    page[NameObject("/Contents")] = writer.add_object(StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    return _written(writer)


def retitled(pdf: bytes) -> bytes:
    """Change the document's title."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.set_info(writer.add_object(_dictionary(Title=pdf_string("Another confirmation"))))
    return _written(writer)


def authored(pdf: bytes) -> bytes:
    """Keep the document's information, and add an author to it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    info = writer.trailer["/Info"]
    info[pdf_name("/Author")] = pdf_string("The superintendent")
    writer.update_container(info)
    return _written(writer)


def described(pdf: bytes) -> bytes:
    """Put another description in XMP in the place of the issued one."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    stream = StreamObject(stream_data=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>another</x:xmpmeta>")
    stream[NameObject("/Type")], stream[NameObject("/Subtype")] = pdf_name("/Metadata"), pdf_name("/XML")
    writer.root[NameObject("/Metadata")] = writer.add_object(stream)
    writer.update_root()  # type: ignore[no-untyped-call]
    return _written(writer)


def with_entry(pdf: bytes, name: str) -> bytes:
    """Add an entry to the catalog, such as `DSS`, `Extensions`, `OpenAction`."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root[pdf_name(f"/{name}")] = writer.add_object(_dictionary(Note=pdf_string("added")))
    writer.update_root()  # type: ignore[no-untyped-call]
    return _written(writer)


def second_document(pdf: bytes) -> bytes:
    """Put a whole document of one page behind the issued one, which nothing of it refers to."""
    text = b"BT /F1 24 Tf 50 700 Td (Eve Example is documented) Tj ET"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 " + font + b" >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(text) + text + b"\nendstream",
    ]
    content, offsets = b"\n%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(pdf) + len(content))
        content += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = len(pdf) + len(content)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"xref\n0 5\n0000000000 65535 f \n" + rows + b"trailer\n<< /Size 5 /Root 1 0 R >>\n"
    return pdf + content + b"startxref\n%d\n%%%%EOF\n" % table


def with_field(
    pdf: bytes, name: str, box: tuple[int, ...] = PAGE, *, kids: bool = False, script: bool = False
) -> bytes:
    """Add a signature's field that nobody has signed, which paints over what lies below it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = _first_page(writer)
    widget = _dictionary(
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/Widget"),
        Rect=_numbers(*box),
        F=_numbers(132)[0],
        P=_reference(page),
        AP=_dictionary(N=_painting(writer, box)),
    )
    if script:
        action = _dictionary(S=pdf_name("/JavaScript"), JS=pdf_string("app.alert(1)"))
        widget[NameObject("/AA")] = _dictionary(PV=action)
    if kids:
        field = _dictionary(FT=pdf_name("/Sig"), T=pdf_string(name))
        reference = writer.add_object(field)
        widget[NameObject("/Parent")] = reference
        shown = writer.add_object(widget)
        field[NameObject("/Kids")] = ArrayObject([shown])
    else:
        widget[NameObject("/FT")], widget[NameObject("/T")] = pdf_name("/Sig"), pdf_string(name)
        reference = shown = writer.add_object(widget)
    _enter(writer, page, reference, shown)
    return _written(writer)


def _enter(writer: IncrementalPdfFileWriter, page: DictionaryObject, field: object, shown: object) -> None:
    if "/AcroForm" in writer.root:
        fields = writer.root["/AcroForm"]["/Fields"]
        fields.append(field)
        writer.update_container(fields)
    else:
        form = _dictionary(Fields=ArrayObject([field]), SigFlags=_numbers(3)[0])
        writer.root[NameObject("/AcroForm")] = writer.add_object(form)
        writer.update_root()  # type: ignore[no-untyped-call]
    if "/Annots" in page:
        page["/Annots"].append(shown)
        writer.update_container(page["/Annots"])
    else:
        page[NameObject("/Annots")] = ArrayObject([shown])
    writer.update_container(page)


def _reference(page: DictionaryObject) -> IndirectObject:
    found = page.container_ref
    assert isinstance(found, Reference)
    return IndirectObject(found.idnum, found.generation, found.pdf)  # type: ignore[no-untyped-call]


def _painting(writer: IncrementalPdfFileWriter, box: tuple[int, ...]) -> object:
    stream = StreamObject(stream_data=b"1 1 1 rg 0 0 %d %d re f" % (box[2] - box[0], box[3] - box[1]))
    stream[NameObject("/Type")], stream[NameObject("/Subtype")] = pdf_name("/XObject"), pdf_name("/Form")
    stream[NameObject("/BBox")] = _numbers(0, 0, box[2] - box[0], box[3] - box[1])
    return writer.add_object(stream)


def signed_into(pdf: bytes, name: str) -> bytes:
    """Sign a field that is there already."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    out = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=name), signer=superintendent())
    return bytes(out.getvalue())


def _first_page(writer: IncrementalPdfFileWriter) -> DictionaryObject:
    page = writer.root["/Pages"]
    while "/Kids" in page:
        page = page["/Kids"][0].get_object()
    assert isinstance(page, DictionaryObject)
    return page
