// SPDX-License-Identifier: BSD-2-Clause
/* ucontext.h - <sys/ucontext.h>; getcontext() and its like are not there. */
#pragma once
#include <sys/ucontext.h>
