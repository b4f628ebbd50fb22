# SPDX-License-Identifier: BSD-2-Clause
"""Names are found with a name server that loses, garbles and forges."""

import socket
import subprocess
import sys

import pytest

from name_server import A, NXDOMAIN, NameServer, StreamServer
from netns import HOST
from web import MKARCHIVE

EAI_NONAME, EAI_AGAIN = "-2", "-3"


@pytest.fixture
def resolve(boot_on_tap, namespace):
    """resolve(reply, word, …) -> what the guest printed for each word, and the server."""
    def run(reply, *words, modules=()):
        with namespace.entered():
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.bind((HOST, 53))
        with NameServer(sock, reply) as server:
            guest = boot_on_tap("tests/system/resolve", args=[f"unik.dns={HOST}", *words],
                                modules=modules)
            status = guest.wait(timeout_s=50)
        assert status == 0, guest.text
        lines = [line.strip("\r").split(" =", 1) for line in guest.text.splitlines()
                 if " =" in line and line[1] == ":"]
        return {word: answer.split() for word, answer in lines}, server

    return run


def by_type(question):
    return [question.answer("192.0.2.7" if question.type == A else "2001:db8::7")]


def test_both_families(resolve):
    found, _server = resolve(by_type, "4:host.example", "6:host.example", "a:host.example")
    assert found == {"4:host.example": ["192.0.2.7"], "6:host.example": ["2001:db8::7"],
                     "a:host.example": ["2001:db8::7", "192.0.2.7"]}


def test_no_such_name(resolve):
    found, server = resolve(lambda q: [q.answer(rcode=NXDOMAIN)], "4:none.example")
    assert found == {"4:none.example": [EAI_NONAME]}
    assert len(server.asked) == 1


def test_numeric_names_ask_nobody(resolve):
    found, server = resolve(by_type, "4:127.0.0.1", "6:::1", "4:localhost")
    assert found == {"4:127.0.0.1": ["127.0.0.1"], "6:::1": ["::1"],
                     "4:localhost": ["127.0.0.1"]}
    assert server.asked == []


HOSTS = """# the machines here
192.0.2.1\tgateway.example gateway   # the way out
2001:db8::1 gateway.example

192.0.2.9 other
not-an-address broken
192.0.2.10 """ + "x" * 5000 + """ behind
2001:db8::5 six
192.0.2.11 last"""


def test_hosts_file(resolve, tmp_path):
    """Names of /etc/hosts are looked up there first; the others go to the name server."""
    (tmp_path / "root" / "etc").mkdir(parents=True)
    (tmp_path / "root" / "etc" / "hosts").write_text(HOSTS)
    subprocess.run([sys.executable, MKARCHIVE, "-o", tmp_path / "a.cpio", tmp_path / "root"],
                   check=True)
    wanted = {"a:gateway.example": ["2001:db8::1", "192.0.2.1"], "4:GATEWAY": ["192.0.2.1"],
              "4:other": ["192.0.2.9"], "4:behind": ["192.0.2.10"], "6:six": ["2001:db8::5"],
              "4:last": ["192.0.2.11"], "4:broken": ["192.0.2.7"], "4:six": ["192.0.2.7"],
              "4:localhost": ["127.0.0.1"], "4:way": ["192.0.2.7"]}
    found, server = resolve(by_type, *wanted, modules=[tmp_path / "a.cpio"])
    assert found == wanted and len(server.asked) == 3


def of_example(question):
    """Names below one of two domains are known; nothing else is."""
    known = question.name in ("www.b.example", "x.y.a.example", "top", "full.example")
    return by_type(question) if known else [question.answer(rcode=NXDOMAIN)]


def names(server):
    return [question.name for question in server.asked]


def test_search_list(resolve):
    """unik.search=: behind names without a dot first, behind others last."""
    found, server = resolve(of_example, "unik.search=a.example,b.example.", "4:www", "4:x.y", "4:top",
                            "4:full.example", "4:www.", "4:none")
    assert found == {"4:www": ["192.0.2.7"], "4:x.y": ["192.0.2.7"], "4:top": ["192.0.2.7"],
                     "4:full.example": ["192.0.2.7"], "4:www.": [EAI_NONAME],
                     "4:none": [EAI_NONAME]}
    assert names(server) == ["www.a.example", "www.b.example", "x.y", "x.y.a.example",
                             "top.a.example", "top.b.example", "top", "full.example", "www",
                             "none.a.example", "none.b.example", "none"]


def test_search_stops_where_a_server_fails(resolve):
    found, server = resolve(lambda q: [], "unik.search=a.example,b.example", "4:www")
    assert found == {"4:www": [EAI_AGAIN]} and set(names(server)) == {"www.a.example"}


@pytest.mark.parametrize("text,asked", [
    ("search a.example\n# search c.example\nnameserver 192.0.2.1\ndomain b.example\n", ["www.b.example"]),
    ("search\ta.example b.example", ["www.a.example", "www.b.example"]),
    ("searching c.example\nsearch " + "a" * 300 + " b.example\n", ["www"]),
    ("search " + "a." * 124 + "example b.example\n", ["www"]),
    ("search b.example\n" + "#" * 4000 + "\nsearch c.example\n", ["www.b.example"]),
    ("", ["www"])], ids=["domain", "unended", "long-name", "long-line", "long-file", "empty"])
def test_search_list_of_a_file(resolve, tmp_path, text, asked):
    (tmp_path / "root" / "etc").mkdir(parents=True)
    (tmp_path / "root" / "etc" / "resolv.conf").write_text(text)
    subprocess.run([sys.executable, MKARCHIVE, "-o", tmp_path / "a.cpio", tmp_path / "root"],
                   check=True)
    _found, server = resolve(of_example, "4:www", modules=[tmp_path / "a.cpio"])
    assert names(server) == asked


def test_servers_are_shown(boot):
    """/etc/resolv.conf: the command line's, then what DHCP said; QEMU's says 10.0.2.3."""
    guest = boot("tests/system/resolve", options=["--net", "user"],
                 args=["f:/etc/resolv.conf", "u:10.0.2.2", "f:/etc/resolv.conf"])
    assert guest.wait(timeout_s=50) == 0, guest.text
    lines = [line.strip("\r") for line in guest.text.splitlines() if " = " in line]
    assert lines[0] == "u:10.0.2.2 = 0"
    assert lines[1] == "f:/etc/resolv.conf = nameserver 10.0.2.3"


TRUNCATED = 0x200


@pytest.fixture
def resolve_long(resolve, namespace):
    """As resolve(); all that UDP says is that there is more, which stream(question) gives."""
    def run(stream, *words):
        with namespace.entered():
            sock = socket.create_server((HOST, 53))
        with StreamServer(sock, stream) as server:
            found, _server = resolve(lambda q: [q.answer(rcode=TRUNCATED)], *words)
        return found, [question.name for question in server.asked]

    return run


def long_answer(question):
    """An address behind 60 others, of the other kind."""
    others = ["192.0.2.66" if question.type != A else "2001:db8::66"] * 60
    return question.answer(*others, "192.0.2.7" if question.type == A else "2001:db8::7")


def test_long_answers_come_by_tcp(resolve_long):
    found, asked = resolve_long(long_answer, "4:host.example", "6:host.example", "a:other.example")
    assert found == {"4:host.example": ["192.0.2.7"], "6:host.example": ["2001:db8::7"],
                     "a:other.example": ["2001:db8::7", "192.0.2.7"]}
    assert asked == ["host.example"] * 2 + ["other.example"] * 2


@pytest.mark.parametrize("stream,error", [
    (lambda q: q.answer(rcode=NXDOMAIN), EAI_NONAME), (lambda q: q.answer(), EAI_NONAME),
    (lambda q: q.answer("192.0.2.66", ident=q.id ^ 1), EAI_AGAIN), (lambda q: b"", EAI_AGAIN),
    (lambda q: q.answer("2001:db8::66", records=2), EAI_AGAIN), (lambda q: None, EAI_AGAIN)],
    ids=["no-name", "no-address", "other-question", "empty", "cut", "closed"])
def test_bad_answers_by_tcp(resolve_long, stream, error):
    found, _asked = resolve_long(stream, "4:host.example")
    assert found == {"4:host.example": [error]}


def test_no_tcp(resolve):
    found, _server = resolve(lambda q: [q.answer(rcode=TRUNCATED)], "4:host.example")
    assert found == {"4:host.example": [EAI_AGAIN]}


def test_an_address_in_what_was_cut_will_do(resolve):
    found, _server = resolve(lambda q: [q.answer("192.0.2.7", rcode=TRUNCATED)], "4:host.example")
    assert found == {"4:host.example": ["192.0.2.7"]}


def test_lost_packets_are_asked_again(resolve):
    found, server = resolve(lambda q: by_type(q) if q.seen >= 2 else [], "4:slow.example")
    assert found == {"4:slow.example": ["192.0.2.7"]}
    assert len(server.asked) == 3


def test_nobody_answers(resolve):
    found, server = resolve(lambda q: [], "4:silent.example")
    assert found == {"4:silent.example": [EAI_AGAIN]}
    assert len(server.asked) >= 3


def forge(question):
    """Before the right answer come one with a wrong id, one for another name, and rubbish."""
    other = question.answer("192.0.2.66").replace(b"\x07example", b"\x07exbmple")
    right = question.answer("192.0.2.7")
    return [question.answer("192.0.2.66", ident=question.id ^ 0x5555), other, b"\x00",
            right[:11], bytes(512), right]


def test_wrong_answers_are_not_taken(resolve):
    found, _server = resolve(forge, "4:victim.example")
    assert found == {"4:victim.example": ["192.0.2.7"]}


def garbage(question):
    """A good head and nonsense behind: records cut, counted too high, with names that run on."""
    good = question.answer("192.0.2.66")
    runs_on = question.answer()[:6] + b"\x00\x09\x00\x00\x00\x00" + question.section + b"\x3fxyz"
    return [[good[:-3]], [runs_on], [question.answer("2001:db8::66", records=200)]][question.seen % 3]


def test_garbled_answers_do_no_harm(resolve):
    found, _server = resolve(lambda q: garbage(q) if q.name.startswith("g") else by_type(q),
                             "4:garbled.example", "4:next.example")
    assert found["4:garbled.example"] in ([EAI_AGAIN], [EAI_NONAME])
    assert found["4:next.example"] == ["192.0.2.7"]


def test_answers_are_remembered(resolve):
    _found, server = resolve(by_type, "4:host.example", "4:host.example", "4:host.example")
    assert len(server.asked) == 1


def test_ids_and_ports_are_random(resolve):
    _found, server = resolve(by_type, *(f"4:n{i}.example" for i in range(6)))
    ids = [question.id for question in server.asked]
    assert len(set(ids)) == len(ids)
    steps = {(b - a) % 65536 for a, b in zip(ids, ids[1:])}
    assert len(steps) > 1
