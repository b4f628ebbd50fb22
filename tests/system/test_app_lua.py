# SPDX-License-Identifier: BSD-2-Clause
"""Lua's interpreter, unmodified, as an image. (Its authors' test suite is not in Debian's source
package; tests/system/lua/suite.lua goes through the manual instead.)"""

import os
import subprocess
import sys

import pytest

import app
from guest import BUILD, ROOT
from web import MKARCHIVE

LUA = os.path.join(BUILD, "lua.elf")
SECTIONS = ("numbers", "number text", "mathematics", "strings", "packing and utf8", "tables",
            "metatables and modules", "functions and coroutines", "errors", "garbage",
            "files and time")


@pytest.fixture(scope="module", autouse=True)
def built():
    app.build("lua")


@pytest.fixture
def lua(unik):
    def call(*args, options=(), stdin=b""):
        return unik("run", LUA, *options, "--", *args, stdin=stdin)

    return call


def test_suite(lua, tmp_path):
    archive = tmp_path / "lua.cpio"
    subprocess.run([sys.executable, MKARCHIVE, "-o", archive,
                    os.path.join(ROOT, "tests", "system", "lua")], check=True)
    done = lua("unik.log=err", "env.GREETING=hi", "/suite.lua", "one", "two words",
               options=["-m", "128M", "--module", archive])
    said = done.stdout.replace("\r", "").splitlines()
    assert said == [f"ok {name}" for name in SECTIONS] + ["arguments: one two words"], done.stdout
    assert done.returncode == 42


def test_one_line(lua):
    done = lua("-e", "print(('x'):rep(3), 2^53 | 0) os.exit(false)")
    assert done.stdout.replace("\r", "") == "xxx\t9007199254740992\n" and done.returncode == 1


def test_uncaught_error(lua):
    done = lua("-e", "local function f() error('no good') end f()")
    assert done.returncode == 1
    assert "no good" in done.stdout and "stack traceback" in done.stdout


def test_keyboard(lua):
    done = lua("-i", stdin=b"x = 6 * 7\nprint('answer', x)\n= x +\n1\nos.exit(5)\n")
    assert "answer\t42" in done.stdout and "43" in done.stdout
    assert done.returncode == 5


def test_memory_ends_with_an_error(lua):
    """Lua hears of it when the machine's memory is used up, and goes on."""
    done = lua("-e", "local t = {} print(pcall(function() while true do "
               "t[#t + 1] = ('x'):rep(1 << 16) .. #t end end)) t = nil print(#('y'):rep(9))",
               options=["-m", "16M"])
    said = done.stdout.replace("\r", "").splitlines()
    assert "a call failed: no memory left" in said.pop(0)
    assert said == ["false\tnot enough memory", "9"] and done.returncode == 0
