"""The only home of HTTP: sessions that retry, keep a pace, follow pages and never carry a secret elsewhere."""
