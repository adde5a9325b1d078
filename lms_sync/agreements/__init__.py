"""The agreement year (RCW 28A.320.1242): review, clause C, yearly duties."""
