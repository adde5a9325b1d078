"""The demo's identity key, by which its workspace is known: its people are made up, and so are the days of its nights."""

DEMO_KEY = b"the demo has no secrets"
