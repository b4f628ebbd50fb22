# SPDX-License-Identifier: BSD-2-Clause
lua-archive := lua5.4_5.4.4.orig.tar.gz
lua-sha256  := 164c7849653b80ae67bec4b7473b884bf5cc8d2dca05653475ec2ed27b9ebf61
lua-beside  := lua5.4
lua-licence := MIT
lua-debian  := lua5.4_5.4.4-3+deb12u1.debian.tar.xz
lua-debian-sha256  := 2d8e0e380722c648cfeffb8d58287865619b4d035544d93d7ef3a2eaf627abe6
lua-debian-patches := 0004-cve-2022-28805.patch 0005-cve-2022-33099.patch
lua-images := lua=src/lua
lua-args   := -i

# 200 C calls inside of each other (LUAI_MAXCCALLS), each with a buffer of 1 KiB, take 300 KiB.
lua-configure := cp -R "$$SRC"/. .

# Its "generic" system, which is ISO C and no more.
define lua-make
make -C src -j$$JOBS lua CC="unik-cc -std=gnu99" AR="unik-ar rc" RANLIB=unik-ranlib \
	LDFLAGS="-Wl,-Map,lua.map -Wl,--defsym=unik_stack_bytes=0x80000"
endef
