// SPDX-License-Identifier: BSD-2-Clause
#include "lib/libc/reent.h"
#include <reent.h>
#include "lib/base/compiler.h"

/* As newlib's _REENT_INIT, whose list of initialisers is shorter than the struct. */
UNIK_API __thread struct _reent __tls_reent = {
	._stdin = &__sf[0],
	._stdout = &__sf[1],
	._stderr = &__sf[2],
	._new._reent._rand_next = 1,
	._new._reent._r48._seed = { _RAND48_SEED_0, _RAND48_SEED_1, _RAND48_SEED_2 },
	._new._reent._r48._mult = { _RAND48_MULT_0, _RAND48_MULT_1, _RAND48_MULT_2 },
	._new._reent._r48._add = _RAND48_ADD,
};

void reent_reclaim(void)
{
	_reclaim_reent(&__tls_reent);
}
