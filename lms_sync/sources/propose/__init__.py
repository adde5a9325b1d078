"""A sheet that nobody has described: its layout proposed, with what a person must still say."""
