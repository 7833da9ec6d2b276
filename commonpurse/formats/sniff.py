"""What a file is when it is not what was asked for, from its first bytes."""

import codecs

MARKS = (
    (b"%PDF", "a PDF. Download the statement as CAMT.053 (XML)"),
    (b"PK\x03\x04", "a ZIP archive. Unpack it and choose the XML file inside"),
    (b"\x1f\x8b", "a compressed file. Unpack it and choose the XML file inside"),
    (b"{1:", "a statement in MT940. Download it as CAMT.053 (XML)"),
    (b":20:", "a statement in MT940. Download it as CAMT.053 (XML)"),
    (b"OFXHEADER", "a statement in OFX. Download it as CAMT.053 (XML)"),
    (b"\xd0\xcf\x11\xe0", "an Excel file. Download the statement as CAMT.053 (XML)"),
)


def kind_guess(head: bytes) -> str:
    """A sentence about a file that cannot be XML of a bank; empty when it may be."""
    for bom in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if head.startswith(bom):
            return ""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        return "The file is empty."
    for mark, what in MARKS:
        if start.startswith(mark):
            return f"This is {what}."
    beginning = start[:2000].lower()
    if beginning.startswith((b"<!doctype html", b"<html")) or b"<html" in beginning:
        return (
            "This is a web page (HTML), perhaps the bank's sign-in page. Sign in to the bank and "
            "download the statement again."
        )
    if not start.startswith(b"<"):
        return "This is not XML. Choose the bank's statement in CAMT.053."
    return ""
