"""Rows to statements, pure: the declarations of a source compiled once, statements as lines of N-Quads."""
