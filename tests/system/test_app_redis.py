# SPDX-License-Identifier: BSD-2-Clause
"""Redis, unmodified, as an image, used with its own clients from Debian's redis-tools.

With UNIK_SOAK set, the rounds of redis-benchmark are ten times as long.
"""

import os
import re
import time

import pytest

import app
from guest import ROOT, image
from netns import GUEST

ARCHIVE = os.path.join(ROOT, "build", "redis.cpio")
ADDRESS = (GUEST, 6379)
BULK_BYTES = 100000
SOAK = bool(os.environ.get("UNIK_SOAK"))
ROUNDS, ROUND_COMMANDS = 10, 50000 if SOAK else 5000


@pytest.fixture(scope="module", autouse=True)
def built():
    app.build("redis", "build/redis.cpio")


class Server:
    def __init__(self, guest, namespace):
        self.guest = guest
        self.namespace = namespace

    def cli(self, *words, timeout_s=30):
        """What redis-cli prints for a command."""
        done = self.namespace.run("redis-cli", "-h", GUEST, *map(str, words), timeout_s=timeout_s)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def figure(self, section, name):
        return re.search(rf"(?m)^{name}:(.*?)\r?$", self.cli("info", section))[1]

    def benchmark(self, *options, timeout_s=100):
        """Runs redis-benchmark; returns the requests per second of each of its tests by name."""
        done = self.namespace.run("redis-benchmark", "-h", GUEST, "--csv", *options,
                                  timeout_s=timeout_s)
        assert done.returncode == 0 and not done.stderr, done.stderr
        rows = [line.split(",") for line in done.stdout.splitlines()[1:]]
        return {row[0].strip('"'): float(row[1].strip('"')) for row in rows}


@pytest.fixture
def redis(boot_on_tap, namespace):
    def start(*args, mem="128M", options=()):
        guest = boot_on_tap("redis", modules=[ARCHIVE], args=["/redis.conf", *args], mem=mem,
                            options=options)
        app.connect_when_up(guest, namespace, ADDRESS).close()
        return Server(guest, namespace)

    return start


def test_commands(redis):
    server = redis()
    answers = (
        ("ping", "PONG"),
        ("set town Bonn", "OK"), ("get town", "Bonn"), ("append town !", "5"), ("get none", ""),
        ("incr n", "1"), ("incrby n 41", "42"), ("incr town",
         "ERR value is not an integer or out of range"), ("incrbyfloat n 0.5", "42.5"),
        ("rpush list a b c", "3"), ("lrange list 0 -1", "a\nb\nc"), ("lpop list", "a"),
        ("sadd set x y x", "2"), ("sismember set y", "1"), ("hset hash f 1 g 2", "2"),
        ("hgetall hash", "f\n1\ng\n2"), ("zadd z 2 two 1 one", "2"),
        ("zrange z 0 -1 withscores", "one\n1\ntwo\n2"), ("type z", "zset"),
        # The example of Redis' own manual, GEODIST.
        ("geoadd geo 13.361389 38.115556 p 15.087269 37.502669 c", "2"),
        ("geodist geo p c", "166274.1516"),
        ("pfadd hll a b c", "1"), ("pfcount hll", "3"), ("setbit bits 7 1", "0"),
        ("bitcount bits", "1"), ("xadd stream 1-1 k v", "1-1"), ("xlen stream", "1"),
        ("exists town none", "1"), ("del town", "1"), ("dbsize", "9"),
        ("no-such-command", "ERR unknown command 'no-such-command', with args beginning with:"),
    )
    for command, answer in answers:
        assert (command, server.cli(*command.split())) == (command, answer)
    script = ("local t = {} for i = 1, ARGV[1] do t[i] = i * i end "
              "return {t[10], redis.call('get', KEYS[1])}")
    assert server.cli("eval", script, 1, "n", 10) == "100\n42.5"
    assert server.cli("flushall") == "OK" and server.cli("dbsize") == "0"


def test_large_values_and_expiry(redis):
    server = redis()
    with server.namespace.connect(ADDRESS, 20) as sock, sock.makefile("rb") as replies:
        data = bytes(range(256)) * (4 * BULK_BYTES // 256)
        sock.sendall(b"*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$%d\r\n%s\r\n" % (len(data), data))
        assert replies.readline() == b"+OK\r\n"
        sock.sendall(b"GET big\r\n")
        assert replies.readline() == b"$%d\r\n" % len(data)
        assert replies.read(len(data) + 2) == data + b"\r\n"
        sock.sendall(b"SET soon gone PX 300\r\nGET soon\r\n")
        assert [replies.readline() for _ in range(3)] == [b"+OK\r\n", b"$4\r\n", b"gone\r\n"]
        time.sleep(0.5)
        sock.sendall(b"GET soon\r\n")
        assert replies.readline() == b"$-1\r\n"
        # What is no command at all ends this connection, not the server.
        sock.sendall(b"*1\r\n$-5\r\n")
        assert replies.readline() == b"-ERR Protocol error: invalid bulk length\r\n"
        assert replies.read() == b""
    assert server.cli("ping") == "PONG"


def test_blocking_and_messages(redis):
    """What waits for another client's word."""
    server = redis()
    with server.namespace.connect(ADDRESS, 20) as sock, sock.makefile("rb") as replies:
        sock.sendall(b"BLPOP queue 0\r\n")
        time.sleep(0.2)
        assert server.cli("rpush", "queue", "job") == "1"
        assert [replies.readline() for _ in range(5)][2::2] == [b"queue\r\n", b"job\r\n"]
        sock.sendall(b"BLPOP queue 0.2\r\n")
        assert replies.readline() == b"*-1\r\n"
        sock.sendall(b"SUBSCRIBE news\r\n")
        assert [replies.readline() for _ in range(6)][-1] == b":1\r\n"
        assert server.cli("publish", "news", "rain") == "1"
        assert [replies.readline() for _ in range(7)][-1] == b"rain\r\n"


def test_saving(redis):
    """SAVE writes a file that can be read back; what wants fork() says that it cannot."""
    server = redis("--enable-debug-command", "yes")
    assert server.cli("mset", "a", 1, "b", 2, "long", "compress me " * 1000) == "OK"
    assert server.cli("save") == "OK"
    assert server.cli("set", "a", "changed") == "OK"
    assert server.cli("debug", "reload", "nosave") == "OK"
    assert server.cli("mget", "a", "b") == "1\n2"
    assert server.cli("strlen", "long") == "12000"
    assert server.cli("bgsave").startswith("ERR")
    server.guest.expect("Can't save in background: fork: Function not implemented")
    assert server.figure("persistence", "rdb_last_bgsave_status") == "err"
    assert server.cli("bgrewriteaof").startswith("ERR")
    assert server.cli("set", "c", 3) == "OK" and server.cli("mget", "a", "c") == "1\n3"


def test_append_only_file(redis):
    """Written and synchronised by a thread of its own; read back it gives the same data."""
    server = redis("--appendonly", "yes", "--enable-debug-command", "yes")
    assert server.cli("set", "a", 1) == "OK" and server.cli("incr", "a") == "2"
    time.sleep(1.5)
    assert server.figure("persistence", "aof_last_write_status") == "ok"
    assert server.cli("debug", "loadaof") == "OK"
    assert server.cli("get", "a") == "2"


def test_information(redis):
    server = redis("--maxmemory", "1mb", "--maxmemory-policy", "allkeys-lru")
    assert server.figure("server", "redis_version") == "7.0.15"
    assert server.figure("server", "multiplexing_api") == "epoll"
    assert server.figure("memory", "mem_allocator") == "libc"
    now = int(server.cli("time").split()[0])
    assert abs(now - time.time()) < 5
    written = server.guest.expect(r"1:M (\d+ \w+ \d+) \d\d:\d\d:\d\d\.\d+ \* Ready")[1].decode()
    assert written in [time.strftime("%d %b %Y", time.gmtime(now + d)) for d in (-60, 0)]


def test_eviction(redis):
    """With a bound on its memory it forgets instead of failing."""
    server = redis("--maxmemory", "4mb", "--maxmemory-policy", "allkeys-lru")
    server.benchmark("-t", "set", "-n", "20000", "-r", "1000000", "-d", "1000", "-P", "16")
    assert int(server.figure("stats", "evicted_keys")) > 5000
    assert 100 < int(server.cli("dbsize")) < 5000


@pytest.mark.limit(120)
def test_benchmark(redis):
    server = redis()
    rates = server.benchmark("-t", "ping,set,get,incr,lpush,mset", "-n", "10000", "-c", "50",
                             "-P", "16")
    assert set(rates) >= {"PING_MBULK", "SET", "GET", "INCR", "LPUSH", "MSET (10 keys)"}
    assert all(rate > 0 for rate in rates.values())
    rates = server.benchmark("-t", "set,get,lrange_300", "-n", "2000", "-c", "50")
    assert set(rates) >= {"SET", "GET"} and server.cli("ping") == "PONG"
    assert int(server.figure("clients", "connected_clients")) == 1


def drift(costs):
    """How far the last three are from the first three, as a fraction of these."""
    first, last = sum(costs[:3]) / 3, sum(costs[-3:]) / 3
    return abs(last - first) / first


@pytest.mark.limit(1200 if SOAK else 300)
def test_rounds_of_benchmark(redis, counter):
    """Ten in one boot, none slower than the others, in instructions per command. What a round
    stored goes before the next one: else a list of millions of elements would be measured."""
    server = redis(mem="256M", options=counter.options(image("redis")))
    costs = []
    # How many packets a command takes depends on the host; one that is busy is waited out.
    while len(costs) < ROUNDS or (drift(costs) > 0.05 and len(costs) < 2 * ROUNDS):
        begin = counter.insns()
        rates = server.benchmark("-t", "ping,set,get,incr,lpush,mset", "-n", str(ROUND_COMMANDS),
                                 "-c", "50", "-P", "16", timeout_s=300)
        costs.append((counter.insns() - begin) / (len(rates) * ROUND_COMMANDS))
        assert all(rate > 0 for rate in rates.values())
        assert server.cli("flushall") == "OK"
    print("instructions per command:", *map(round, costs))
    assert drift(costs) <= 0.05, costs
    assert server.cli("ping") == "PONG"


def test_more_clients_than_allowed(redis):
    server = redis("--maxclients", "20")
    open_ones = [server.namespace.connect(ADDRESS, 5) for _ in range(20)]
    with server.namespace.connect(ADDRESS, 5) as late:
        assert late.recv(100) == b"-ERR max number of clients reached\r\n"
    for sock in open_ones:
        sock.close()
    assert server.cli("ping") == "PONG"


def test_shutdown(redis):
    """The image ends with the status of its server."""
    server = redis()
    with server.namespace.connect(ADDRESS, 5) as sock:
        sock.sendall(b"SHUTDOWN NOSAVE\r\n")
        assert server.guest.wait() == 0
    assert "bye bye" in server.guest.text
