"""A made-up district: its people, their sheets and a Canvas-like server, the same on every machine."""
