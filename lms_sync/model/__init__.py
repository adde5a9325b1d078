"""Facts and values that rooms share: who is on the roster, what a source told and where, what the store keeps."""
