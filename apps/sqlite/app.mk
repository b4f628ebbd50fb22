# SPDX-License-Identifier: BSD-2-Clause
sqlite-archive := sqlite3_3.40.1.orig.tar.xz
sqlite-sha256  := aaa776260ab4dc976db34aa7891819484c8676b5b2783123ebc6301e2ca5d655
sqlite-beside  := sqlite3
sqlite-licence := blessing
sqlite-tools   := tcl
sqlite-images  := sqlite=sqlite speedtest1=speedtest1
sqlite-mem     := 128M
speedtest1-mem  := 256M
speedtest1-args := --memdb

# The sources are put together by scripts; sqlite_cfg.h is what its configure found out.
define sqlite-configure
"$$SRC"/configure --host=$$HOST --disable-shared --disable-tcl --disable-readline \
	--disable-load-extension
make -j$$JOBS sqlite3.c shell.c
endef

# As Debian's, where it applies: full text search, R-trees, column metadata. No loading of code.
sqlite-flags := -Os -I. -D_HAVE_SQLITE_CONFIG_H -DSQLITE_OMIT_LOAD_EXTENSION \
	-DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE \
	-DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_MATH_FUNCTIONS \
	-DSQLITE_THREADSAFE=1

define sqlite-make
for c in sqlite3.c shell.c "$$SRC"/test/speedtest1.c; do
	o=$$(basename $$c .c).o
	[ -f $$o ] || unik-cc $(sqlite-flags) -c $$c -o $$o
done
stack=-Wl,--defsym=unik_stack_bytes=0x40000
unik-cc sqlite3.o shell.o -o sqlite $$stack -Wl,-Map,sqlite.map
unik-cc sqlite3.o speedtest1.o -o speedtest1 $$stack -Wl,-Map,speedtest1.map
endef
