# SPDX-License-Identifier: BSD-2-Clause
memcached-archive := memcached_1.6.18.orig.tar.xz
memcached-sha256  := 35872bd25f8d29d7cc2072d23e74344530891bfd0aa4f4f64184a8ae7291164b
memcached-beside  := memcached
memcached-licence := BSD-3-Clause
memcached-deps    := libevent
memcached-images  := memcached=memcached
memcached-ports   := 11211:11211
memcached-mem     := 128M
# -u: it refuses to be user 0 otherwise, and that is who a program is here.
memcached-args    := -u root -m 48

define memcached-configure
"$$SRC"/configure --host=$$HOST --with-libevent="$$DEPS"/libevent/root --disable-docs \
	--disable-coverage --disable-extstore CFLAGS=-O2 LDFLAGS=-Wl,-Map,memcached.map
endef

memcached-make := make -j$$JOBS memcached
