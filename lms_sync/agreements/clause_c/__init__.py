"""Clause C: training confirmations and training plans, from the draft to the withdrawal."""
