"""The Python API: open a graph, ask it, check it, carry it on."""
