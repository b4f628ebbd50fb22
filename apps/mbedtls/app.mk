# SPDX-License-Identifier: BSD-2-Clause
mbedtls-archive := mbedtls_2.28.3.orig.tar.gz
mbedtls-sha256  := 3b4953aa55a681e084d31892d9904cc5328d6b4958ea57b90ae4b4f94ae69a8d
mbedtls-beside  := libmbedtls14
mbedtls-licence := Apache-2.0 OR GPL-2.0-or-later
mbedtls-images  := mbedtls=programs/test/selftest

mbedtls-configure := cp -R "$$SRC"/. .

# The libraries are left in library/ for others.
define mbedtls-make
set -- CC=unik-cc AR=unik-ar RANLIB=unik-ranlib CFLAGS=-Os
make -C library -j$$JOBS "$$@" static
make -C programs -j$$JOBS "$$@" test/selftest \
	LDFLAGS="-Wl,--defsym=unik_stack_bytes=0x40000 -Wl,-Map,test/selftest.map"
endef
