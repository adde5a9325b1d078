"""What earlier versions stored and this one would not keep: found, and taken out of the database."""
