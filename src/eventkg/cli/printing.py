"""Strangers' text made safe for a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Control characters made visible, those that change the direction of writing included."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def printable_lines(text: str) -> str:
    """The same for text of several lines."""
    return "\n".join(printable(line) for line in text.split("\n"))


def printable_turtle(text: str) -> str:
    """The same as Turtle's escapes, which a parser reads back."""
    return "".join(c if c.isprintable() or c in "\n\t" else _escape(ord(c)) for c in text)


def _escape(code: int) -> str:
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
