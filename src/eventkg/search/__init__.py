"""Finding events: full text and facets over one state of a graph, in the world of one view."""
