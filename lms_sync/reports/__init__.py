"""What partners, persons, principals, trainers and HR read: one folder a reader."""
