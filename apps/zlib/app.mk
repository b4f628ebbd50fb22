# SPDX-License-Identifier: BSD-2-Clause
# A library, for nginx: header and archive are installed in root/ of its build folder.
zlib-archive := zlib_1.2.13.dfsg.orig.tar.bz2
zlib-sha256  := 71feb7947e3c00ef125f83b79a4e529bde31171e5babe48b391f06758d1ab0a1
zlib-beside  := zlib1g
zlib-licence := Zlib
zlib-tools   := bzip2

define zlib-configure
cp -R "$$SRC"/. .
CC=unik-cc AR=unik-ar RANLIB=unik-ranlib CFLAGS=-O2 ./configure --static --prefix="$$PWD"/root
endef

define zlib-make
make -j$$JOBS libz.a
make install
endef
