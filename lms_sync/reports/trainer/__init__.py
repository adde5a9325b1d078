"""What trainers read: what a new map would change, and suggested rows."""
