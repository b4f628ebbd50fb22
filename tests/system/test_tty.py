# SPDX-License-Identifier: BSD-2-Clause
"""The console as a terminal: lines that can be corrected, bytes as they come, time-outs."""

import time


def test_modes(boot):
    guest = boot("tests/system/tty")

    def step(question, typed, *answers):
        guest.expect(question)
        if typed:
            guest.send(typed)
        for answer in answers:
            guest.expect(answer)

    step(r"plain\?", b"abc\r", "plain 2: 61 62;", "get good", "rest 2: 63 0a;")
    for name in ("speed", "bad-speed", "set-size", "get-size", "names", "when", "flow", "openpty",
                 "drain", "pipe", "closed", "unsupported", "left"):
        guest.expect(rf"\n{name} good")
    step(r"line\?", b"dropped\x15xz\x7fy\rlonger\n", "line 3: 78 79 0a;", "part 3: 6c 6f 6e;",
         "line-end 4: 67 65 72 0a;")
    assert "dropped" + "\b \b" * 7 + "xz\b \by" in guest.text
    step(r"eof\?", b"four\x04\x04", "eof 4: 66 6f 75 72;", "end 0:;")
    step(r"silent\?", b"password\r", "silent 9: 70 61 73 73 77 6f 72 64 0a;")
    assert "password" not in guest.text
    step(r"raw\?", b"\x15", )
    time.sleep(0.2)
    assert "raw 1" not in guest.text
    guest.send(b"\r\x04")
    guest.expect("raw 3: 15 0d 04;")
    guest.expect("empty 0:;")
    guest.expect("timeout 0:;")
    guest.expect("waited good")
    step(r"between\?", b"xy", "between 2: 78 79;")
    step(r"flush\?", b"gone", "flushed good", "nonblocking good")
    guest.expect("bye")
    assert guest.wait() == 0
