# SPDX-License-Identifier: BSD-2-Clause
"""A name server for tests, with faults: what it answers is a function of the question.

Ref: RFC 1035, 4.1.
"""

import socket
import struct
import threading
import time

A, AAAA = 1, 28
NXDOMAIN = 3


class Question:
    """A question as it came: id, name, type; seen counts its repetitions."""

    def __init__(self, packet, seen):
        self.packet, self.seen = packet, seen
        self.id = struct.unpack(">H", packet[:2])[0]
        labels, at = [], 12
        while packet[at]:
            labels.append(packet[at + 1:at + 1 + packet[at]].decode())
            at += 1 + packet[at]
        self.name = ".".join(labels)
        self.type = struct.unpack(">H", packet[at + 1:at + 3])[0]
        self.section = packet[12:at + 5]

    def answer(self, *addresses, rcode=0, ident=None, ttl=60, records=None):
        """A reply with an address record for each address."""
        head = struct.pack(">HHHHHH", self.id if ident is None else ident, 0x8180 | rcode, 1,
                           len(addresses) if records is None else records, 0, 0)
        body = b""
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            data = socket.inet_pton(family, address)
            kind = AAAA if len(data) == 16 else A
            body += b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data
        return head + self.section + body


class NameServer:
    """Answers in a thread with what reply(question) returns: a list of datagrams. Use as a
    context manager; `asked` are all questions."""

    def __init__(self, sock, reply):
        self.sock, self.reply, self.asked, self.over = sock, reply, [], False
        sock.settimeout(0.1)
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_exc):
        self.over = True
        self.thread.join()
        self.sock.close()

    def _serve(self):
        while not self.over:
            try:
                packet, peer = self.sock.recvfrom(2048)
            except socket.timeout:
                continue
            question = Question(packet, 0)
            key = (question.name, question.type)
            question.seen = sum((q.name, q.type) == key for q in self.asked)
            self.asked.append(question)
            for answer in self.reply(question):
                self.sock.sendto(answer, peer)


class StreamServer(NameServer):
    """The same by TCP (RFC 1035, 4.2.2), from a listening socket: reply(question) is the message,
    sent in pieces; None closes the connection."""

    def _serve(self):
        while not self.over:
            try:
                conn, _peer = self.sock.accept()
            except socket.timeout:
                continue
            with conn:
                conn.settimeout(5)
                size, = struct.unpack(">H", conn.recv(2, socket.MSG_WAITALL))
                question = Question(conn.recv(size, socket.MSG_WAITALL), 0)
                self.asked.append(question)
                message = self.reply(question)
                if message is None:
                    continue
                data = struct.pack(">H", len(message)) + message
                for piece in (data[:1], data[1:200], data[200:]):
                    conn.sendall(piece)
                    time.sleep(0.02)
