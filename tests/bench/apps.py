# SPDX-License-Identifier: BSD-2-Clause
"""Programs of others, measured. `make bench` builds them first; one whose sources could not be had
is left out and said to be."""

import os

from measure import BUILD, image_bytes

# What is to be reached: figure -> at most.
TARGETS = {
    "nginx.image_bytes": 850000,
}


class NotBuilt(Exception):
    """The program's image is not there; the text says what would build it."""


def built(program, name=None):
    """Path of an image of `make app-PROGRAM`."""
    path = os.path.join(BUILD, (name or program) + ".elf")
    if not os.path.exists(path):
        raise NotBuilt(f"make app-{program} did not build {name or program}")
    return path


# ---- nginx ----

def measure_nginx(_bench):
    return {"nginx.image_bytes": image_bytes(built("nginx"))}


MEASURES = {"nginx": measure_nginx}
