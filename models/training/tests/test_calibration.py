"""Temperatures undo what was done to the logits."""

import numpy as np

from koe_training.calibration import expected_calibration_error, fit_calibration
from koe_training.labels import COLUMNS, WIDTH
from koe_training.rows import Row


def drawn(scale: float) -> tuple[np.ndarray, list[Row]]:
    """Rows whose labels are drawn from the probabilities of logits, and those logits times `scale`."""
    chance = np.random.default_rng(0)
    logits = chance.normal(0, 2, (1500, WIDTH)).astype(np.float32)
    rows = []
    for number, scores in enumerate(logits):
        pick = [chance.choice(len(p), p=p / p.sum()) for p in (np.exp(scores[COLUMNS[head]]) for head in ("sentiment", "emotion"))]
        given = chance.random(WIDTH) < 1 / (1 + np.exp(-scores))
        topics = tuple((int(topic), int(chance.integers(3))) for topic in np.flatnonzero(given[COLUMNS["topics"]]))
        intents, flags = (tuple(np.flatnonzero(given[COLUMNS[head]])) for head in ("intents", "flags"))
        rows.append(Row(f"r-{number}", "", int(pick[0]), topics, intents, int(pick[1]), flags, "r"))
    return logits * scale, rows


def test_overconfident_logits_are_cooled() -> None:
    logits, rows = drawn(3.0)
    fit = fit_calibration(logits, rows)
    for head in ("sentiment", "emotion", "topics", "intents", "flags"):
        assert 2.5 < fit.temperatures[head] < 3.5
    before = expected_calibration_error(logits, rows, {head: 1.0 for head in COLUMNS})
    after = expected_calibration_error(logits, rows, fit.temperatures)
    assert after["sentiment"] < 0.05 < before["sentiment"]
    assert after["intents"] < 0.02 < before["intents"]
