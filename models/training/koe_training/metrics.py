"""Figures of a model's logits against annotated rows, in per cent."""

from __future__ import annotations

import numpy as np

from .labels import COLUMNS, SIGMOID_HEADS, TOPICS
from .rows import Row
from .targets import make_targets

Thresholds = dict[str, np.ndarray | float]
"""Per sigmoid head, the logit above which each of its labels counts as given."""


def evaluate(logits: np.ndarray, rows: list[Row], thresholds: Thresholds | None = None) -> dict[str, float]:
    """Accuracy and macro-F1 of softmax heads, micro- and macro-F1 of the others; logits [n, 128].

    Macro-F1 is over the labels that occur, 0 if none does. A topic's polarity is right if it is one of those annotated.
    """
    targets = make_targets(rows)
    figures: dict[str, float] = {}
    for head in ("sentiment", "emotion"):
        wanted, given = getattr(targets, head).numpy(), logits[:, COLUMNS[head]].argmax(1)
        figures[f"{head} accuracy"] = float((wanted == given).mean())
        figures[f"{head} macro-F1"] = float(np.mean([_f1(given == label, wanted == label) for label in np.unique(wanted)]))
    given = {}
    for head in SIGMOID_HEADS:
        wanted = getattr(targets, head).numpy().astype(bool)
        given[head] = logits[:, COLUMNS[head]] > (0 if thresholds is None else thresholds[head])
        figures[f"{head} micro-F1"] = _f1(given[head], wanted)
        occurring = np.flatnonzero(wanted.any(0))
        each = [_f1(given[head][:, label], wanted[:, label]) for label in occurring]
        figures[f"{head} macro-F1"] = float(np.mean(each)) if each else 0.0
    polarity = logits[:, COLUMNS["polarities"]].reshape(-1, len(TOPICS), 3).argmax(2)
    annotated = np.take_along_axis(targets.polarities.numpy() > 0, polarity[:, :, None], 2)[:, :, 0]
    present = targets.topics.numpy().astype(bool)
    figures["polarity accuracy of annotated topics"] = float(annotated[present].mean())
    pairs = sum(len(row.topics) for row in rows)
    figures["topics with polarity micro-F1"] = 2 * float((annotated & given["topics"]).sum()) / max(1, int(given["topics"].sum()) + pairs)
    return {name: round(100 * figure, 1) for name, figure in figures.items()}


def sentiment_by_file(logits: np.ndarray, rows: list[Row]) -> dict[str, float]:
    """Accuracy of sentiment in per cent for the rows of each file."""
    right: dict[str, list[bool]] = {}
    for row, given in zip(rows, logits[:, COLUMNS["sentiment"]].argmax(1), strict=True):
        right.setdefault(row.source, []).append(int(given) == row.sentiment)
    return {source: round(100 * float(np.mean(hits)), 1) for source, hits in sorted(right.items())}


def _f1(given: np.ndarray, wanted: np.ndarray) -> float:
    return 2 * int((given & wanted).sum()) / max(1, int(given.sum()) + int(wanted.sum()))
