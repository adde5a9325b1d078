"""What a purge would take, what must stay and why, and doing it. Plans are pure."""
