"""A Learning Record Store (xAPI 1.0.3), whose statements are the records."""
