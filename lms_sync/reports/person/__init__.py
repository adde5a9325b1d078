"""One person's record, for the person, the chief and a hearing."""
