# SPDX-License-Identifier: BSD-2-Clause
# A library, for nginx: headers and archives are installed in root/ of its build folder.
openssl-archive := openssl_3.0.22.orig.tar.gz
openssl-sha256  := 67ebca7e50d17383028045486653492195b83db95f8558709701bb47b5c1ef81
openssl-beside  := libssl-dev
openssl-licence := Apache-2.0
openssl-tools   := perl

# What TLS 1.2 and 1.3 with today's ciphers do not need is left out: the library reaches all that
# is in it by tables, so the linker cannot.
openssl-without := shared module dso dynamic-engine engine async afalgeng autoload-config ui-console \
	legacy deprecated tests comp dtls ssl3 ssl3-method tls1 tls1-method tls1_1 tls1_1-method \
	nextprotoneg srtp srp psk gost cmp cms ct ts rfc3779 \
	aria bf blake2 camellia cast des dsa ec2m idea md4 mdc2 ocb rc2 rc4 rmd160 scrypt seed \
	siphash siv sm2 sm3 sm4 whirlpool

define openssl-configure
perl "$$SRC"/Configure --config="$$HERE"/unik.conf unik-$${HOST%-unik} --prefix="$$PWD"/root \
	--libdir=lib --openssldir=/etc/ssl --with-rand-seed=getrandom $(openssl-without:%=no-%)
endef

define openssl-make
make -j$$JOBS build_libs
make install_dev
endef
