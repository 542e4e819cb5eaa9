"""The head of an answer waits for the beginning of the body: both are sent with one system call, in one packet."""

import asyncio

LENGTH = b"\r\ncontent-length: "
"""What the head of an answer has whose body has a known length, as uvicorn writes it. Such a body follows at once, or
when its file is open. That of a stream may take long to begin."""

CONTINUE = b"HTTP/1.1 100 "
"""How the line begins with which uvicorn asks for a body (RFC 9110, 15.2.1); it is no head of an answer."""


class HeadWithBody:
    """What uvicorn writes one answer to, in place of the transport.

    It must not be used for an answer to HEAD, whose body never follows.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport, self._head, self._has_begun = transport, b"", False

    def write(self, data: bytes) -> None:
        """Send data, after the head if that waits."""
        head, self._head = self._head, b""
        if head:
            self._transport.writelines((head, data))
        elif self._has_begun or LENGTH not in data:
            self._has_begun = self._has_begun or not data.startswith(CONTINUE)
            self._transport.write(data)
        else:
            self._has_begun, self._head = True, data

    def send_head(self) -> None:
        """Send the head alone, if it waits: the body will not follow."""
        head, self._head = self._head, b""
        if head:
            self._transport.write(head)

    def is_closing(self) -> bool:
        """Return whether the connection is closed, or about to be."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Close the connection. A client that got no byte might send its request again."""
        self.send_head()
        self._transport.close()
