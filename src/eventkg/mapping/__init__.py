"""Rows and claims files to statements: pure, no RDF library."""
