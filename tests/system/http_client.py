# SPDX-License-Identifier: BSD-2-Clause
"""A raw HTTP client: sends exactly the bytes it is told, reads exactly one response at a time."""

import socket
import struct

TIMEOUT_S = 20


class Response:
    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.line = lines[0]
        version, status, self.reason = lines[0].split(" ", 2)
        assert version == "HTTP/1.1"
        self.status = int(status)
        self.headers = {}
        for line in lines[1:]:
            name, value = line.split(": ", 1)
            assert name.lower() not in self.headers, f"{name} twice"
            self.headers[name.lower()] = value
        self.body = body


class Client:
    def __init__(self, addr):
        self.sock = socket.create_connection(addr, timeout=TIMEOUT_S)
        self.buf = bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def get(self, target, *fields, method="GET", host="test"):
        """Sends a request and returns the response."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *fields, "", ""]
        self.send("\r\n".join(lines).encode("latin-1"))
        return self.response(method)

    def response(self, method="GET"):
        while b"\r\n\r\n" not in self.buf:
            self._more()
        head = self._take(self.buf.index(b"\r\n\r\n") + 4)[:-4]
        answer = Response(head, b"")
        if method == "HEAD" or answer.status in (204, 304):
            return answer
        length = int(answer.headers["content-length"])
        while len(self.buf) < length:
            self._more()
        answer.body = self._take(length)
        return answer

    def ended(self):
        """Waits for the server to close. Returns what it sent before, b"" if nothing."""
        try:
            while self._more(end_is_error=False):
                pass
        except ConnectionResetError:
            pass
        return bytes(self.buf)

    def half_close(self):
        self.sock.shutdown(socket.SHUT_WR)

    def vanish(self):
        """Ends the connection by a reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def _take(self, length):
        taken = bytes(self.buf[:length])
        del self.buf[:length]
        return taken

    def _more(self, end_is_error=True):
        data = self.sock.recv(65536)
        if not data and end_is_error:
            raise EOFError(f"the server closed; unread: {self.buf[:200]!r}")
        self.buf += data
        return data


def fetch(addr, target, *fields, method="GET"):
    """One request on a connection of its own."""
    with Client(addr) as client:
        return client.get(target, *fields, method=method)


def exchange(addr, data):
    """Sends data and returns all responses' bytes until the server closes."""
    with Client(addr) as client:
        client.send(data)
        return client.ended()
