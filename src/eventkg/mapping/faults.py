"""What can be wrong with a row, and what with a declaration."""

from __future__ import annotations


class RowFault(Exception):  # noqa: N818  (a row's fault is data for the quarantine file, no error of ours)
    """A row that cannot be imported: which column, what it holds, why."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column, self.value, self.reason = column, value, reason


class UnknownCode(Exception):  # noqa: N818  (named after what was found)
    """A code that no lookup knows: the declaration is incomplete."""

    def __init__(self, column: str, value: str, known: tuple[str, ...], lookup: str) -> None:
        shown = ", ".join(f"'{code}'" for code in known[:20]) + (" …" if len(known) > 20 else "")
        super().__init__(f"{column}: '{value[:80]}' is not one of {shown} (lookups.{lookup})")
