"""The course map: what trainers decide that a course teaches, its history, and suggestions for it."""
