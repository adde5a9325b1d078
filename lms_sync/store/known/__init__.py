"""What was known at a time: roster, map, law, decisions and documents, read as one snapshot."""
