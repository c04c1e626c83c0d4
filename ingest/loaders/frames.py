"""What goes over the socket between a reader and its worker: a length in four bytes, and as many bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

_LENGTH = struct.Struct("!I")
LONGEST = (1 << 32) - 1  # bytes of a frame


def send(connection: socket.socket, data: bytes) -> None:
    """Send one frame."""
    connection.sendall(_LENGTH.pack(len(data)))
    connection.sendall(data)


def receive(connection: socket.socket, most: int = LONGEST) -> bytes | None:
    """The next frame; None if the other side hung up or announces more bytes than it may."""
    head = _receive_exactly(connection, _LENGTH.size)
    length = _LENGTH.unpack(head)[0] if head else most + 1
    return _receive_exactly(connection, length) if length <= most else None


def _receive_exactly(connection: socket.socket, length: int) -> bytes | None:
    buffer = bytearray(length)
    view = memoryview(buffer)
    while view:
        received = connection.recv_into(view)
        if not received:
            return None
        view = view[received:]
    return bytes(buffer)
