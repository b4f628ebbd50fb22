# SPDX-License-Identifier: BSD-2-Clause
"""`make install` and what people do with it: an installation that was moved builds autoconf,
CMake and plain-make projects outside of the tree, and their images boot."""

import os
import shutil
import subprocess

import pytest

from guest import ROOT

ARCH = os.environ.get("ARCH", "x86_64")
HOST = f"{ARCH}-unik"

MAIN_C = r"""
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#ifdef __linux__
#error this is not Linux
#endif
#if !defined __unik__ || !defined __unix__
#error the system has no name
#endif
int helper(int);
static void *work(void *n) { *(int *)n += helper(20); return n; }
int main(int argc, char **argv)
{
	pthread_t thread;
	int n = argc;
	if (pthread_create(&thread, 0, work, &n) || pthread_join(thread, 0))
		return 1;
	printf("%s %d %.2f\n", argv[argc - 1], n, sqrt(argc));
	return 7;
}
"""
HELPER_C = "int helper(int n);\nint helper(int n) { return n + 20; }\n"


def run(*words, cwd=None, check=True, **env):
    """As from a shell: where a make runs these tests, its settings stay with it."""
    shell = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run([str(word) for word in words], cwd=cwd, text=True, timeout=280,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env={**shell, "LC_ALL": "C", **env})
    assert not check or done.returncode == 0, done.stdout
    return done


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """An installation that was made for another place than the one where it is now."""
    top = tmp_path_factory.mktemp("install")
    made_for = f"/opt/unik-{os.getpid()}"
    run("make", "-s", "install", f"ARCH={ARCH}", f"PREFIX={made_for}", f"DESTDIR={top}/dest",
        cwd=ROOT, MAKEFLAGS="")
    shutil.move(f"{top}/dest{made_for}", top / "moved")
    return top / "moved"


@pytest.fixture
def project(tmp_path):
    """Writes files: project({"main.c": text}) -> the folder."""
    def make(files):
        for name, text in {"main.c": MAIN_C, "helper.c": HELPER_C, **files}.items():
            (tmp_path / name).write_text(text)
        return tmp_path

    return make


@pytest.fixture
def boots(prefix):
    """Asserts that an image says what MAIN_C says."""
    def check(image):
        done = run(prefix / "bin/unik", "run", image, "--", "a", "b", check=False)
        assert done.returncode == 7, done.stdout
        assert "b 43 1.73" in done.stdout

    return check


def cc(prefix, *words, cwd, check=True):
    return run(prefix / "bin/unik-cc", *words, cwd=cwd, check=check)


def test_nothing_points_to_where_it_was_made(prefix):
    for folder, _, names in os.walk(prefix):
        for name in names:
            path = os.path.join(folder, name)
            assert os.path.exists(path), f"{path} is a dead link"
            assert not os.path.islink(path) or not os.path.isabs(os.readlink(path))
    for path in list(prefix.glob("bin/*")) + list(prefix.glob("share/unik/**/*")):
        if path.is_file():
            assert ROOT not in path.read_text(encoding="utf-8", errors="replace"), path


def test_one_command(prefix, project, boots):
    where = project({})
    cc(prefix, "-O2", "-Wall", "-Werror", "-o", "prog", "main.c", "helper.c", cwd=where)
    boots(where / "prog")


@pytest.mark.parametrize("flags", [
    "-static", "-no-pie -fno-pie", "-fPIC -pie", "-flto", "-pthread -lpthread -lm -ldl -lrt -lutil",
    "-std=c99 -D_POSIX_C_SOURCE=200809L", "-s -Wl,--as-needed -Wl,-z,relro,-z,now", "-rdynamic"])
def test_flags_that_programs_use(prefix, project, boots, flags):
    where = project({})
    cc(prefix, *flags.split(), "main.c", "helper.c", "-o", "prog", *flags.split(), cwd=where)
    boots(where / "prog")


def test_any_order_of_libraries(prefix, project, boots):
    where = project({})
    cc(prefix, "-c", "main.c", "helper.c", cwd=where)
    run(prefix / "bin/unik-ar", "rcs", "libhelper.a", "helper.o", cwd=where)
    run(prefix / f"bin/{HOST}-ranlib", "libhelper.a", cwd=where)
    cc(prefix, "-lm", "-L.", "main.o", "-lhelper", "-o", "prog", cwd=where)
    # Where the library refers to it as to all else in the image it is local.
    assert " t main\n" in run(prefix / "bin/unik-nm", "prog", cwd=where).stdout.replace(" T ", " t ")
    run(prefix / "bin/unik-strip", "prog", cwd=where)
    boots(where / "prog")


def test_driver_answers(prefix, project):
    """What configure scripts ask, and that asking links nothing."""
    where = project({})
    assert cc(prefix, "-dumpmachine", cwd=where).stdout.strip() == HOST
    assert "gcc version" in cc(prefix, "-v", cwd=where).stdout
    assert cc(prefix, "-dumpversion", cwd=where).stdout.strip()[0].isdigit()
    found = cc(prefix, "-print-file-name=libc.a", cwd=where).stdout.strip()
    assert os.path.samefile(found, prefix / HOST / "lib/libc.a")
    assert "define __unik__ 1" in cc(prefix, "-dM", "-E", "main.c", cwd=where).stdout
    assert "helper.o:" in cc(prefix, "-MM", "helper.c", cwd=where).stdout
    cc(prefix, "-S", "helper.c", cwd=where)
    cc(prefix, "-c", "-MMD", "-MF", "helper.d", "helper.c", cwd=where)
    cc(prefix, "-r", "-nostdlib", "-o", "both.o", "helper.o", cwd=where)
    assert (where / "helper.s").exists() and (where / "helper.d").exists()
    assert not (where / "a.out").exists()


def test_headers_are_not_the_machines(prefix, project):
    where = project({"host.c": "#include <linux/version.h>\nint main(void) { return 0; }\n"})
    done = cc(prefix, "host.c", cwd=where, check=False)
    assert done.returncode != 0 and "linux/version.h" in done.stdout


def test_libraries_are_not_the_machines(prefix, project):
    """libm of this machine would be found as -lmvec beside it."""
    where = project({})
    done = cc(prefix, "main.c", "helper.c", "-lmvec", cwd=where, check=False)
    assert done.returncode != 0 and "-lmvec" in done.stdout


def test_what_is_missing_is_named(prefix, project):
    where = project({"helper.c": "int no_such_call(void);\nint helper(int n);\n"
                                 "int helper(int n) { return n + no_such_call(); }\n"})
    done = cc(prefix, "main.c", "helper.c", cwd=where, check=False)
    assert done.returncode != 0
    assert "undefined reference to `no_such_call'" in done.stdout


def test_shared_is_refused(prefix, project):
    where = project({})
    done = cc(prefix, "-shared", "-fPIC", "helper.c", "-o", "libhelper.so", cwd=where, check=False)
    assert done.returncode != 0 and "no shared objects" in done.stdout
    assert not (where / "libhelper.so").exists()


CONFIGURE_AC = """
AC_INIT([prog], [1])
AC_CONFIG_SRCDIR([main.c])
AC_CONFIG_HEADERS([config.h])
AC_PROG_CC
@CANONICAL@
AC_CHECK_TOOL([AR], [ar])
AC_PROG_RANLIB
AC_CHECK_HEADERS([sys/socket.h linux/version.h])
AC_CHECK_FUNCS([socket no_such_call clone])
AC_SEARCH_LIBS([pthread_create], [pthread])
AC_CHECK_SIZEOF([time_t])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
"""
MAKEFILE_IN = """
CC = @CC@
CFLAGS = @CFLAGS@
prog: main.o libhelper.a
\t$(CC) $(CFLAGS) @LDFLAGS@ -o $@ main.o libhelper.a @LIBS@ -lm
libhelper.a: helper.o
\t@AR@ rcs $@ helper.o
\t@RANLIB@ $@
.c.o:
\t$(CC) $(CFLAGS) -c $<
"""


def configured(where):
    text = (where / "config.h").read_text()
    return {line.split()[1]: line.split()[2] for line in text.splitlines()
            if line.startswith("#define")}


@pytest.mark.limit(240)
@pytest.mark.parametrize("canonical", [False, True])
def test_autoconf(prefix, project, boots, canonical):
    """--host finds the tools by their names; a script that asks config.sub does as well."""
    asks = "AC_CANONICAL_HOST\nAC_FUNC_MALLOC" if canonical else ""
    where = project({"configure.ac": CONFIGURE_AC.replace("@CANONICAL@", asks),
                     "Makefile.in": MAKEFILE_IN})
    run("autoreconf", "-f", "-i", cwd=where)
    path = f"{prefix}/bin:{os.environ['PATH']}"
    run("./configure", f"--host={HOST}", cwd=where, PATH=path,
        CONFIG_SITE=f"{prefix}/share/unik/config.site")
    run("make", cwd=where, PATH=path)
    answers = configured(where)
    assert answers["HAVE_SYS_SOCKET_H"] == answers["HAVE_SOCKET"] == "1"
    assert not canonical or answers["HAVE_MALLOC"] == "1"
    assert answers["SIZEOF_TIME_T"] == "8"
    for name in ("HAVE_LINUX_VERSION_H", "HAVE_NO_SUCH_CALL", "HAVE_CLONE"):
        assert name not in answers
    boots(where / "prog")


@pytest.mark.limit(240)
def test_autoconf_with_the_long_name(prefix, project, boots):
    """Without config.site: what config.sub takes."""
    where = project({"configure.ac": CONFIGURE_AC.replace("@CANONICAL@", "AC_CANONICAL_HOST"),
                     "Makefile.in": MAKEFILE_IN})
    run("autoreconf", "-f", "-i", cwd=where)
    path = f"{prefix}/bin:{os.environ['PATH']}"
    run("./configure", f"--host={HOST}-elf", cwd=where, PATH=path)
    run("make", cwd=where, PATH=path)
    boots(where / "prog")


CMAKELISTS = """
cmake_minimum_required(VERSION 3.13)
project(prog C)
include(CheckFunctionExists)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
check_function_exists(socket HAVE_SOCKET)
check_function_exists(no_such_call HAVE_NO_SUCH_CALL)
if(NOT UNIX OR NOT HAVE_SOCKET OR HAVE_NO_SUCH_CALL)
  message(FATAL_ERROR "UNIX ${UNIX} socket ${HAVE_SOCKET} none ${HAVE_NO_SUCH_CALL}")
endif()
add_library(helper helper.c)
add_executable(prog main.c)
target_link_libraries(prog PRIVATE helper Threads::Threads m)
"""


@pytest.mark.limit(240)
def test_cmake(prefix, project, boots):
    where = project({"CMakeLists.txt": CMAKELISTS})
    done = run("cmake", "-B", "out", f"-DCMAKE_TOOLCHAIN_FILE={prefix}/share/unik/unik.cmake",
               cwd=where)
    assert "unknown to cmake" not in done.stdout
    run("cmake", "--build", "out", cwd=where)
    boots(where / "out/prog")


def test_plain_make(prefix, project, boots):
    """make's built-in rules, with nothing but CC."""
    where = project({"Makefile": "prog: main.o helper.o\n\t$(CC) -o $@ $^ -lm -lpthread\n"})
    run("make", f"CC={prefix}/bin/unik-cc", cwd=where)
    boots(where / "prog")


def test_unik_mk(prefix, project, boots):
    where = project({"Makefile": f"include {prefix}/share/unik/unik.mk\n"
                                 "prog.elf: main.o helper.o\n"})
    run("make", cwd=where)
    boots(where / "prog.elf")
    assert "kernel/thread.c" in run(prefix / "bin/unik", "size", "prog.elf", cwd=where).stdout
    assert "last 43" in run("make", "run-prog", "ARGS=a last", cwd=where, check=False).stdout


def test_pkg_config(prefix, project, boots):
    """For compilers without the wrapper."""
    where = project({})
    flags = run("pkg-config", "--cflags", "--libs", "unik",
                PKG_CONFIG_PATH=f"{prefix}/lib/pkgconfig", PKG_CONFIG_ALLOW_SYSTEM_CFLAGS="1",
                ).stdout.split()
    gcc = {"x86_64": "gcc", "aarch64": "aarch64-linux-gnu-gcc"}[ARCH]
    run(gcc, "main.c", "helper.c", "-o", "prog", *flags, cwd=where)
    boots(where / "prog")


CXX = r"""
#include <algorithm>
#include <chrono>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>
struct Noisy {
	std::string name;
	~Noisy() { std::cout << "~" << name << std::endl; }
};
static Noisy global{"global"};
static thread_local int own = 5;
static int deep(int n) { Noisy here{std::to_string(n)}; if (!n) throw std::runtime_error("thrown"); return deep(n - 1); }
int main(int argc, char **argv)
{
	std::vector<int> v{5, 3, 9, argc};
	std::sort(v.begin(), v.end());
	std::map<std::string, int> m{{"a", 1}, {"b", 2}};
	std::ostringstream text;
	for (int x : v)
		text << x << ' ';
	text << m["b"] << ' ' << 3.25 << std::hex << ' ' << 255;
	std::cout << text.str() << std::endl;
	try {
		deep(1);
	} catch (const std::exception &e) {
		std::cout << "caught " << e.what() << std::endl;
	}
	try {
		std::vector<char> huge(1ull << 45);
	} catch (const std::bad_alloc &) {
		std::cout << "no memory" << std::endl;
	}
	std::variant<int, std::string> either = "text";
	auto shared = std::make_shared<int>(42);
	std::cout << *shared << std::get<std::string>(either) << std::endl;
	std::mutex lock;
	int sum = 0;
	std::vector<std::thread> threads;
	for (int i = 0; i < 4; i++)
		threads.emplace_back([&] { own++; std::lock_guard<std::mutex> hold(lock); sum += own; });
	for (auto &t : threads)
		t.join();
	auto later = std::async(std::launch::async, [] {
		std::this_thread::sleep_for(std::chrono::milliseconds(10));
		if (own)
			throw std::logic_error("from a thread");
	});
	try {
		later.get();
	} catch (const std::logic_error &e) {
		std::cout << sum << own << e.what() << std::endl;
	}
	return 3;
}
"""
CXX_SAYS = ["1 3 5 9 2 3.25 ff", "~0", "~1", "caught thrown", "no memory", "42text",
            "245from a thread", "~global"]


def test_cplusplus(prefix, project):
    """Containers, streams, exceptions, threads; only where `make libstdc++` was made."""
    if not (prefix / HOST / "lib/libstdc++.a").exists():
        pytest.skip("make libstdc++")
    where = project({"main.cc": CXX})
    run(prefix / "bin/unik-c++", "-std=c++17", "-O2", "-o", "prog", "main.cc", cwd=where)
    done = run(prefix / "bin/unik", "run", "prog", cwd=where, check=False)
    assert done.returncode == 3 and done.stdout.replace("\r", "").splitlines() == CXX_SAYS


UNWIND_C = r"""
#include <setjmp.h>
#include <stdio.h>
#include <unwind.h>

static struct _Unwind_Exception exception;
static jmp_buf out;
static int cleaned, frames;

static void clean(int *here) { cleaned += *here; }
static _Unwind_Reason_Code stop(int version, _Unwind_Action action, _Unwind_Exception_Class kind,
	struct _Unwind_Exception *e, struct _Unwind_Context *context, void *end)
{
	if (action & _UA_END_OF_STACK || _Unwind_GetCFA(context) >= (_Unwind_Word)end)
		longjmp(out, 1);
	return _URC_NO_REASON;
}
static _Unwind_Reason_Code count(struct _Unwind_Context *context, void *arg)
{
	++*(int *)arg;
	return _URC_NO_REASON;
}
__attribute__((noinline)) static int deep(int n, void *end)
{
	__attribute__((cleanup(clean))) int here = n;
	if (n == 0) {
		_Unwind_Backtrace(count, &frames);
		_Unwind_ForcedUnwind(&exception, stop, end);
	} else {
		deep(n - 1, end);
	}
	return here;
}
int main(void)
{
	if (setjmp(out) == 0)
		deep(10, __builtin_frame_address(0));
	printf("%d in %d frames\n", cleaned, frames > 10);
	return 0;
}
"""


def test_unwinding(prefix, project):
    """By the compiler's library, also where the CPU looks for landing pads: it may have none."""
    where = project({"main.c": UNWIND_C})
    cc(prefix, "-fexceptions", "-O2", "-o", "prog", "main.c", cwd=where)
    cpu = ["--cpu", "max"] if ARCH == "aarch64" else []
    done = run(prefix / "bin/unik", "run", *cpu, "prog", cwd=where)
    assert "55 in 1 frames" in done.stdout
    assert "NO  landing pads" not in run(prefix / "bin/unik", "check", "prog", cwd=where,
                                         check=False).stdout


def test_uninstall(tmp_path):
    """What was there before stays."""
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "usr/bin/other").write_text("")
    words = ["make", "-s", f"ARCH={ARCH}", "PREFIX=/usr", f"DESTDIR={tmp_path}"]
    run(*words, "install", cwd=ROOT, MAKEFLAGS="")
    assert (tmp_path / "usr/bin/unik-cc").exists()
    run(*words, "uninstall", cwd=ROOT, MAKEFLAGS="")
    left = [os.path.join(folder, name) for folder, folders, names in os.walk(tmp_path)
            for name in folders + names]
    assert sorted(left) == [f"{tmp_path}/usr", f"{tmp_path}/usr/bin", f"{tmp_path}/usr/bin/other"]


def test_uninstall_beside_another(tmp_path):
    """What another architecture has in the same prefix stays, and works."""
    words = ["make", "-s", f"ARCH={ARCH}", f"PREFIX={tmp_path}"]
    run(*words, "install", cwd=ROOT, MAKEFLAGS="")
    manifest = tmp_path / "other-unik/lib/manifest"
    manifest.parent.mkdir(parents=True)
    manifest.write_text((tmp_path / f"{ARCH}-unik/lib/manifest").read_text()
                        .replace(f"{ARCH}-unik", "other-unik"))
    run(*words, "uninstall", cwd=ROOT, MAKEFLAGS="")
    left = {name for name in os.listdir(tmp_path / "bin")}
    assert left == {"unik"}
    assert run(tmp_path / "bin/unik", "--help").returncode == 0
    assert not (tmp_path / f"{ARCH}-unik").exists() and (tmp_path / "share/unik/unik.mk").exists()
