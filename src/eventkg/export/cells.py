"""Cells that a spreadsheet shows and does not run.

Source: OWASP, "CSV Injection": a cell that begins with one of these is read as a formula.
"""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> object:
    """Text with an apostrophe before what a spreadsheet would take for a formula; numbers as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
