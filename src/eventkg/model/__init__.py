"""Words of the domain as plain values: no input or output, no RDF library."""
