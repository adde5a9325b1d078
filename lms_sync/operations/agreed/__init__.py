"""The log of decisions and the database agree: what differs is told, and a person decides which of them is right."""
