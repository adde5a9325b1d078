"""A new roster or course map is looked at before it counts, then taken over: the file, its old version, the log."""
