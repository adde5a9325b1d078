"""Gaps and offerings turned into a training plan: per person the provably best set, and dates for the rest."""
