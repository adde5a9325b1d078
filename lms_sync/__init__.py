"""Training compliance for a school's safety and security staff, from completion records to a partner's mailbox."""

__version__ = "0.1.0"
