"""Reports issued, held, released, carried and remembered."""
