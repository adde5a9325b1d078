"""Moodle 4.1 or newer, read whole each night by web services: it does not tell reliably what is new."""
