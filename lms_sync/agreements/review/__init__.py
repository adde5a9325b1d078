"""An agreement's yearly review and adoption: how far it is, its checklist, and its record."""
