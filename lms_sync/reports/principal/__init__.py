"""A principal's monthly heads-up: who is posted at the building, and the state alone."""
