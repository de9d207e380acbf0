"""The figures of a training run, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """How one model is trained."""

    layers: int
    epochs: int
    rate: float = 1.5e-4
    """Peak learning rate of the topmost layer."""
    head_rate: float = 3e-3
    decay: float = 0.9
    """Factor of the rate from each layer to the one below it."""
    weight_decay: float = 0.01
    warm_up: float = 0.08
    """Share of the steps in which the rate rises; it falls to zero in the others, both linearly."""
    dropout: float = 0.1
    batch_rows: int = 32
    batch_pieces: int = 1024
    augmented: bool = True
    seed: int = 0
    threads: int = 2
    label_weight: float = 1.0
    teacher_weight: float = 0.0
    vector_weight: float = 0.0


TEACHER = Recipe(layers=12, epochs=5)
STUDENT = Recipe(
    layers=8, epochs=5, rate=1.5e-4, head_rate=1e-3, decay=0.95, dropout=0.05,
    label_weight=0.5, teacher_weight=1.0, vector_weight=1.0,
)
UNLABELLED = 12000
"""Sentences of Tatoeba that the student learns from."""
COMPOSED = 3000
"""Made-up reviews that the student learns from."""
