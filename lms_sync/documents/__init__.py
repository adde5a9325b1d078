"""Files that people hand in and an ESD's documents: told by content, kept by hash, filed, withdrawn."""
