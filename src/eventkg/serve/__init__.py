"""The HTTP service: it never parses a query itself, workers do."""
