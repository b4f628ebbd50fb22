# SPDX-License-Identifier: BSD-2-Clause
"""One guest from start to exit status.

The guest's console is our standard output, our standard input its keyboard. Every byte goes out as
it comes, only lines of a panic's backtrace wait for their end, because names are put behind them.

Status: the program's own; 124 time is up; 125 the machine ended without a status, or could not be
started; 130 and 143 somebody asked us to stop.
"""

import ctypes
import os
import re
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import time

from . import elf, host, qemu
from .errors import UserError
from .symbolize import BacktraceFilter

STATUS_TIMEOUT = 124
STATUS_FAILED = 125
EXIT_MARK = b"unik: exit status "
EXIT_LINE = re.compile(rb".*" + EXIT_MARK + rb"(\d+)\s*")  # behind what the program left of a line
KILL_AFTER_S = 2.0
# A serial port forgets what comes before its driver is there: keys wait for the guest's first
# sign of life, or so long.
KEYS_WAIT_S = 1.0


def run(guest, verbose=False, timeout_s=None):
    """Run `guest` to its end; returns the status for our caller."""
    with tempfile.TemporaryDirectory(prefix="unik-") as tmp:
        image = guest.image
        _plain_names(guest, tmp)
        if guest.arch == "aarch64" and not qemu.is_disk(guest.image):
            _flatten(guest, tmp)
        line = qemu.command(guest)
        if verbose:
            print("+ " + shlex.join(line), file=sys.stderr, flush=True)
        if guest.gdb:
            print(f"unik: waiting for gdb {image} -ex 'target remote :{guest.gdb}'",
                  file=sys.stderr, flush=True)
        semihosting = guest.arch == "aarch64"
        return Session(line, BacktraceFilter(image), timeout_s, semihosting).run()


def run_process(guest, verbose=False, timeout_s=None):
    """The same for an image that is a process of this machine."""
    with tempfile.TemporaryDirectory(prefix="unik-") as tmp:
        line, beside = host.command(guest, tmp)
        if verbose:
            print("+ " + shlex.join(line), file=sys.stderr, flush=True)
        try:
            return Session(line, BacktraceFilter(guest.image), timeout_s, is_process=True).run()
        finally:
            for child in beside:
                child.terminate()
                child.wait()


def check_files(paths):
    for path in paths:
        if not os.path.isfile(path):
            raise UserError(f"{path}: no such file")


def arch_of(path):
    """The architecture that an image is for; what is no ELF file is left to QEMU."""
    with open(path, "rb") as file:
        if file.read(4) != b"\x7fELF":
            return "aarch64" if qemu.is_disk(path) else "x86_64"
    return elf.Elf.open(path).arch


def _flatten(guest, tmp):
    """QEMU on ARM knows the boot protocol of a flat image, and hands an ELF file no device tree."""
    flat = os.path.join(tmp, "image")
    with open(flat, "wb") as file:
        file.write(elf.Elf.open(guest.image).flat())
    guest.image = flat


def _plain_names(guest, tmp):
    """Blanks and commas end a file name in QEMU's Multiboot loader: go round by a link."""
    def plain(path, number):
        if not re.search(r"[\s,]", path):
            return path
        folder = os.path.join(tmp, str(number))
        os.mkdir(folder)
        link = os.path.join(folder, re.sub(r"[\s,]", "_", os.path.basename(path)))
        os.symlink(os.path.abspath(path), link)
        return link

    guest.image = plain(guest.image, 0)
    guest.modules = [plain(path, 1 + i) for i, path in enumerate(guest.modules)]


def die_with_parent():
    """In the child: a QEMU whose `unik` was killed must not stay behind."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


class Session:
    """The running QEMU and the streams to and from it."""

    def __init__(self, line, console_filter, timeout_s, semihosting=False, is_process=False):
        self.line = line
        self.is_process = is_process
        self.semihosting = semihosting
        self.filter = console_filter
        self.deadline = time.monotonic() + timeout_s if timeout_s else None
        self.kill_at = None
        self.stop_signal = None
        self.timed_out = False
        self.said_something = False
        self.status_line = None
        self.last_line = b""
        self.held = b""
        self.errors = []
        self.error_tail = b""
        self.keys = b""
        self.keys_from = time.monotonic() + KEYS_WAIT_S

    def run(self):
        # Its own session, so that the terminal's Ctrl-C comes to us alone.
        self.child = subprocess.Popen(self.line, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, bufsize=0, start_new_session=True,
                                      preexec_fn=die_with_parent)
        self.wake_r, self.wake_w = os.pipe()
        saved = self._take_signals()
        try:
            self._stream()
            return self._status(self.child.wait())
        finally:
            if self.child.poll() is None:
                self.child.kill()
                self.child.wait()
            for number, handler in saved.items():
                signal.signal(number, handler)

    def _take_signals(self):
        os.set_blocking(self.wake_w, False)
        signal.set_wakeup_fd(self.wake_w, warn_on_full_buffer=False)
        # In the background of a terminal a read would stop us; without SIGTTIN it just fails.
        saved = {signal.SIGTTIN: signal.signal(signal.SIGTTIN, signal.SIG_IGN)}
        for number in (signal.SIGINT, signal.SIGTERM):
            saved[number] = signal.signal(number, self._on_signal)
        return saved

    def _on_signal(self, number, _frame):
        """First time: QEMU may end in an orderly way. Second time: it must end."""
        if self.stop_signal is None:
            self.stop_signal = number
            self._stop()
        else:
            self.child.kill()

    def _stop(self):
        self.child.terminate()
        self.kill_at = time.monotonic() + KILL_AFTER_S

    def _stream(self):
        """Carry bytes until QEMU has closed its outputs."""
        self.out, self.err = self.child.stdout.fileno(), self.child.stderr.fileno()
        self.guest_in = self.child.stdin.fileno()
        os.set_blocking(self.guest_in, False)
        self.open = {self.out, self.err}
        self.our_in = 0 if _is_open(0) else None
        while self.open:
            self._wait_once()
            self._check_time()
        if not EXIT_LINE.fullmatch(self.held):
            self._emit(self.filter.feed(self.held))
        self._emit(self.filter.end())

    def _wait_once(self):
        poll = select.poll()
        for fd in self.open | {self.wake_r}:
            poll.register(fd, select.POLLIN)
        if self.keys:
            poll.register(self.guest_in, select.POLLOUT)
        elif self.our_in is not None and self.keys_from is None:
            poll.register(self.our_in, select.POLLIN)
        for fd, _events in poll.poll(self._poll_ms()):
            self._on_ready(fd)

    def _on_ready(self, fd):
        if fd == self.wake_r:
            os.read(fd, 64)
        elif fd == self.guest_in:
            self._push_keys()
        elif fd == self.our_in:
            self._read_keys()
        else:
            data = os.read(fd, 65536)
            if not data:
                self.open.discard(fd)
            elif fd == self.out:
                self._console(data)
            else:
                self._complaint(data)

    def _read_keys(self):
        try:
            self.keys = os.read(self.our_in, 4096)
        except OSError:
            self.keys = b""
        if not self.keys:
            self.our_in = None
            self.child.stdin.close()
            return
        self._push_keys()

    def _push_keys(self):
        try:
            self.keys = self.keys[os.write(self.guest_in, self.keys):]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self.keys, self.our_in = b"", None

    def _console(self, data):
        self.said_something = True
        self.keys_from = None
        lines = (self.last_line + data).split(b"\n")
        self.last_line = lines.pop()[-4096:]
        for text in lines:
            match = EXIT_LINE.fullmatch(text)
            if match:
                self.status_line = int(match[1])
        self._show(data)

    def _show(self, data):
        """Pass it on, but for the line by which the guest tells us its status."""
        text = self.held + data
        at = _exit_line_start(text) if self.semihosting else len(text)
        self.held = text[at:]
        self._emit(self.filter.feed(text[:at]))

    def _emit(self, data):
        while data:
            try:
                data = data[os.write(1, data):]
            except BrokenPipeError:
                self.child.kill()
                return

    def _complaint(self, data):
        """QEMU's own messages: pass them on and remember those that are not mere warnings."""
        os.write(2, data)
        lines = (self.error_tail + data).split(b"\n")
        self.error_tail = lines.pop()
        self.errors += [text for text in lines if text and b"warning:" not in text]

    def _poll_ms(self):
        times = [t for t in (self.deadline, self.kill_at, self.keys_from) if t is not None]
        return max(0, int((min(times) - time.monotonic()) * 1000) + 1) if times else None

    def _check_time(self):
        now = time.monotonic()
        if self.keys_from is not None and now >= self.keys_from:
            self.keys_from = None
        if self.kill_at is not None and now >= self.kill_at:
            self.child.kill()
            self.kill_at = None
        if self.deadline is not None and now >= self.deadline:
            self.deadline = None
            self.timed_out = True
            self._stop()

    def _status(self, code):
        """QEMU's exit code -> ours."""
        if self.timed_out:
            return _fail("time is up, guest stopped", STATUS_TIMEOUT)
        if self.stop_signal is not None:
            return 128 + self.stop_signal
        if code < 0:
            name = "the process" if self.is_process else "QEMU"
            return _fail(f"{name} was killed by {signal.Signals(-code).name}")
        if self.is_process:
            return code
        if code == 1 and self.errors and not self.said_something:
            return _fail("QEMU could not start the image")
        if self.semihosting:
            return self._status_by_line(code)
        # Only the debug-exit device makes it odd, except that QEMU says 1 when it cannot start.
        if code == 0 and self.status_line is not None:
            return self.status_line & 0xFF
        if code % 2 == 0:
            return _fail("the machine stopped without a status (triple fault, reset or power-off)")
        value = code >> 1
        if value == 127 and self.status_line is not None:
            return self.status_line & 0xFF
        return value


    def _status_by_line(self, code):
        """The guest always says its status; a console that is stuck may have lost that."""
        if self.status_line is not None:
            return self.status_line & 0xFF
        return code or _fail("the machine stopped without a status (reset or power-off)")


def _exit_line_start(text):
    """Where what may be, or become, the last line of a guest begins; the text's length: nowhere."""
    at = text.rfind(EXIT_MARK)
    if at >= 0 and re.fullmatch(rb"\d*\r*\n?", text[at + len(EXIT_MARK):]):
        return at
    for n in range(min(len(EXIT_MARK), len(text)), 0, -1):
        if text.endswith(EXIT_MARK[:n]):
            return len(text) - n
    return len(text)


def _is_open(fd):
    try:
        os.fstat(fd)
        return True
    except OSError:
        return False


def _fail(text, status=STATUS_FAILED):
    print(f"unik: {text}", file=sys.stderr, flush=True)
    return status
