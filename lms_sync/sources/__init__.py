"""Where completion records come from: one Protocol, one dict of kinds, a folder a kind."""
