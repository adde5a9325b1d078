"""What cannot be undone, asked for by one person and approved by another."""
