// SPDX-License-Identifier: BSD-2-Clause
/* tls.h - where the executable has its initial thread-local variables. */
#pragma once
#include <asm/host.h>

/* tls_find() - fill in what *m says of them; before the image starts. */
void tls_find(struct host_machine *m);
