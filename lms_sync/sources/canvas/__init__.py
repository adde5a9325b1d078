"""Canvas: the ESD's class, whose modules are the units, read by the REST API."""
