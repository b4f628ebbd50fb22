# SPDX-License-Identifier: BSD-2-Clause
redis-archive := redis_7.0.15.orig.tar.gz
redis-sha256  := 4b1dc4ee6d622a09fff9c6777191209750fb5e5a725ef78ea012d6eef4c22982
redis-beside  := redis-server
redis-licence := BSD-3-Clause AND BSD-2-Clause AND MIT
redis-images  := redis=src/redis-server
redis-modules := build/redis.cpio
redis-ports   := 6379:6379
redis-mem     := 128M
redis-args    := /redis.conf

redis-configure := cp -R "$$SRC"/. .

# Its makefiles ask uname for the system; ours has no case of its own there, nor has src/config.h.
# What that turns on for Linux and the library has too is said here; without, it uses select().
# Saving compresses strings with a table of 512 KiB on the main thread's stack.
# BIT_ZERO_ON_RIGHT is its word for little-endian CPUs that config.h does not know.
# GIT_DIR: nor is the commit that it would ask for one of redis.
define redis-make
export GIT_DIR=/dev/null
set -- uname_S=Unik CC=unik-cc AR=unik-ar RANLIB=unik-ranlib MALLOC=libc
make -C deps -j$$JOBS "$$@" hiredis linenoise lua hdr_histogram
make -C src -j$$JOBS "$$@" OPTIMIZATION=-O2 redis-server \
	REDIS_CFLAGS="-DBIT_ZERO_ON_RIGHT -DHAVE_EPOLL -DHAVE_ACCEPT4 -DHAVE_MSG_NOSIGNAL -DUSE_MALLOC_USABLE_SIZE" \
	REDIS_LDFLAGS="-Wl,-Map,redis-server.map -Wl,--defsym=unik_stack_bytes=0x100000"
endef

build/redis.cpio: tools/mkarchive $(wildcard apps/redis/files/*)
	$(call say,PACK,$@)
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/mkarchive -o $@ apps/redis/files
