# SPDX-License-Identifier: BSD-2-Clause
# A library, for memcached: headers and archives are installed in root/ of its build folder.
libevent-archive := libevent_2.1.12-stable.orig.tar.gz
libevent-sha256  := 92e6de1be9ec176428fd2367677e61ceffc2ee1cb119035037a27d346b0403bb
libevent-beside  := libevent-2.1-7
libevent-licence := BSD-3-Clause

define libevent-configure
"$$SRC"/configure --host=$$HOST --prefix="$$PWD"/root --disable-shared --disable-openssl \
	--disable-samples --disable-libevent-regress --disable-debug-mode CFLAGS=-O2
endef

define libevent-make
make -j$$JOBS
make install
endef
