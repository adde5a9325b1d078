"""Clause C in the world: a training confirmation or training plan issued, sent, verified, withdrawn, and watched."""
