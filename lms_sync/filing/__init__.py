"""Files that people hand in: ESD documents and other attachments, told by content and kept by hash."""
