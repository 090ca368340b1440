"""Files of other makers: how a table is read, fetched and described. No RDF here."""
