"""Temperatures that make probabilities mean what they say, and thresholds that make decisions of them.

Temperature scaling after Guo et al. 2017, one temperature a head. Figures of what was fitted are cross-fitted: each
half of dev is measured with what the other half gave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .labels import COLUMNS, SOFTMAX_HEADS, TOPICS
from .rows import Row
from .targets import Targets, make_targets

_TEMPERATURES = np.exp(np.linspace(np.log(0.4), np.log(4), 121))
_THRESHOLDS = np.arange(0.2, 0.71, 0.02)
_ENOUGH = 20
"""A label with fewer positives on dev takes the threshold of its head."""


@dataclass(frozen=True)
class Calibration:
    """Temperatures by head, and a threshold for the calibrated probability of each topic.

    Intents and flags keep one half: thresholds fitted for them were worse on rows they had not been fitted on.
    """

    temperatures: dict[str, float]
    topics: np.ndarray

    def logit_thresholds(self) -> dict[str, np.ndarray | float]:
        """Thresholds on raw logits, by sigmoid head."""
        return {"intents": 0.0, "flags": 0.0, "topics": np.log(self.topics / (1 - self.topics)) * self.temperatures["topics"]}


def fit_calibration(logits: np.ndarray, rows: list[Row]) -> Calibration:
    """Least negative log likelihood for temperatures, best F1 for the thresholds of topics."""
    targets = make_targets(rows)
    temperatures = {head: _best_temperature(head, logits, targets) for head in COLUMNS}
    probabilities = _sigmoid(logits[:, COLUMNS["topics"]] / temperatures["topics"])
    return Calibration(temperatures, _best_thresholds(probabilities, targets.topics.numpy() > 0.5))


def expected_calibration_error(logits: np.ndarray, rows: list[Row], temperatures: dict[str, float]) -> dict[str, float]:
    """By head, the mean gap of confidence and accuracy over 15 equal bins of confidence.

    Softmax heads: confidence of the likeliest label. Sigmoid heads: probabilities of all labels of at least 0.05,
    since the countless labels that are surely absent would hide any error.
    """
    targets = make_targets(rows)
    errors = {}
    for head, columns in COLUMNS.items():
        scores = logits[:, columns] / temperatures[head]
        if head in SOFTMAX_HEADS:
            shares = _softmax(scores)
            errors[head] = _gap(shares.max(1), shares.argmax(1) == getattr(targets, head).numpy())
        elif head == "polarities":
            shares, wanted = _polarities(scores, targets)
            errors[head] = _gap(shares.max(1), wanted[np.arange(len(wanted)), shares.argmax(1)])
        else:
            probabilities = _sigmoid(scores)
            counted = probabilities >= 0.05
            errors[head] = _gap(probabilities[counted], getattr(targets, head).numpy()[counted])
    return errors


def calibration_json(calibration: Calibration, errors: dict[str, float], fitted_on: str) -> dict[str, object]:
    """What `calibration.json` of the shipped folder holds; `errors` are those with the temperatures applied."""
    return {
        "temperatures": {head: round(value, 4) for head, value in calibration.temperatures.items()},
        "thresholds": {"topics": {topic: round(float(p), 2) for topic, p in zip(TOPICS, calibration.topics, strict=True)}},
        "ece": {head: round(value, 4) for head, value in errors.items()},
        "fittedOn": fitted_on,
    }


def _best_temperature(head: str, logits: np.ndarray, targets: Targets) -> float:
    scores = logits[:, COLUMNS[head]]
    losses = [_loss(head, scores / temperature, targets) for temperature in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def _loss(head: str, scores: np.ndarray, targets: Targets) -> float:
    if head in SOFTMAX_HEADS:
        wanted = getattr(targets, head).numpy()
        return float(-np.log(_softmax(scores)[np.arange(len(wanted)), wanted] + 1e-9).mean())
    if head == "polarities":
        shares, wanted = _polarities(scores, targets)
        return float(-np.log((shares * wanted).sum(1) + 1e-9).mean())
    wanted = getattr(targets, head).numpy()
    return float((np.logaddexp(0, scores) - wanted * scores).mean())


def _best_thresholds(probabilities: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    common = _best_threshold(probabilities, wanted)
    return np.array([
        (common + _best_threshold(probabilities[:, label], wanted[:, label])) / 2 if wanted[:, label].sum() >= _ENOUGH else common
        for label in range(wanted.shape[1])
    ])


def _best_threshold(probabilities: np.ndarray, wanted: np.ndarray) -> float:
    scores = [2 * (wanted & (probabilities > p)).sum() / max(1, wanted.sum() + (probabilities > p).sum()) for p in _THRESHOLDS]
    # The middle of the plateau of near-best ones: a single peak is noise of the split.
    good = _THRESHOLDS[np.array(scores) >= max(scores) - 0.002]
    return float(np.median(good))


def _polarities(scores: np.ndarray, targets: Targets) -> tuple[np.ndarray, np.ndarray]:
    present = targets.topics.numpy() > 0.5
    return _softmax(scores.reshape(-1, len(TOPICS), 3))[present], targets.polarities.numpy()[present] > 0


def _gap(confidences: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    place = np.minimum((confidences * bins).astype(int), bins - 1)
    gaps = [abs(confidences[place == b].sum() - right[place == b].sum()) for b in range(bins)]
    return float(sum(gaps) / max(1, len(confidences)))


def _softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


def _sigmoid(scores: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-scores))
