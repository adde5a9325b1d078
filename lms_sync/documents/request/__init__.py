"""Requests to an ESD: what there is to ask for, what was asked, what it answered."""
