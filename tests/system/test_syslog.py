# SPDX-License-Identifier: BSD-2-Clause
"""syslog(): RFC 5424 messages reach a server over UDP; without one the console has them."""

import re
import socket

MESSAGE = re.compile(r"<157>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z web1 logger 1 - - (.*)")


def test_server(boot):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(20)
        port = server.getsockname()[1]
        guest = boot("tests/system/logger", options=["--net", "user"],
                     args=[f"unik.syslog=10.0.2.2:{port}", "unik.hostname=web1", "first", "second"])
        for word in ("first", "second"):
            match = MESSAGE.fullmatch(server.recv(2000).decode())
            assert match and match[1].startswith(f"{word}: "), guest.text
        assert guest.wait() == 0, guest.text
        assert "first" not in guest.text.split("\n", 1)[1]


def test_console(boot):
    guest = boot("tests/system/logger", args=["first"])
    assert guest.wait() == 0, guest.text
    assert "logger[1]: first: No such file or directory" in guest.text
