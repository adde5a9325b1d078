"""The agreement year (RCW 28A.320.1242): who is covered, what adoption still needs, clause C, its documents. Pure."""
