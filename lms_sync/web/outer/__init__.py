"""The outer app: a partner's page by link, the verify page, shared evidence. None of the desk's pages is in it."""
