"""Statements at rest: files read into quads, terms, the bundled graph."""
