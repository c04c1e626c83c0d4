"""The parts of an Office file, which is a ZIP archive of XML, read within limits."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from ingest.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PARTS = 10_000
MOST_BYTES = 256 << 20  # of all parts, unpacked


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Open an archive that unpacks to a size that can be read.

    Raises:
        UnreadableFile: it claims to unpack to more.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise UnreadableFile(
            f"unpacks to more than {MOST_BYTES >> 20} MB or {MOST_PARTS} parts; take pictures out and save it again"
        )
    return archive


def read_xml(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """A part as XML, without entities and outside references; None if the archive has no such part.

    Raises:
        UnreadableFile: it declares a document type, as no Office program writes.
    """
    try:
        data = archive.read(name)
    except KeyError:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile("declares entities of its own, as no Office program does; save it anew with one")
    return root


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace, which differs between kinds of Office files; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name, whatever its namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """The elements of a name right below another; none of none."""
    return (one for one in element if local_name(one) == name) if element is not None else iter(())


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first element down a path of names."""
    for name in names:
        element = next(children(element, name), None)
    return element


def value_of(element: etree._Element | None, *names: str) -> str | None:
    """The attribute `val` at the end of a path of names, as most settings of Word are written."""
    found = child(element, *names)
    return attribute(found, "val") if found is not None else None
