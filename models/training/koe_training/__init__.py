"""Trains koe's Japanese sentence encoder and its heads; see models/training/README.md."""
