# SPDX-License-Identifier: BSD-2-Clause
"""Errors that are the user's business: one line, no traceback."""


class UserError(Exception):
    """Something the user can mend; the text says what and, where known, how."""
