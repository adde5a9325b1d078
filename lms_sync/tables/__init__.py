"""The only home of spreadsheets: reading them, checking those that people fill in, writing them."""
