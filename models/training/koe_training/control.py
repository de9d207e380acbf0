"""The control: TF-IDF of character 1- to 4-grams with logistic regression, trained on the same rows."""

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from .labels import COLUMNS, SIGMOID_HEADS, SOFTMAX_HEADS, TOPICS, WIDTH
from .pieces import Pieces
from .rows import Row
from .targets import make_targets

_NEVER = -9.0
"""Logit of a label that occurs fewer than three times."""


def control_logits(train: list[Row], texts: list[str], pieces: Pieces) -> np.ndarray:
    """Logits [n, 128] for the texts; a topic's polarity is the polarity of the text."""
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True, max_features=200_000)
    known = vectoriser.fit_transform([pieces.cleanup(row.text).lower() for row in train])
    asked = vectoriser.transform([pieces.cleanup(text).lower() for text in texts])
    targets = make_targets(train)
    logits = np.full((len(texts), WIDTH), _NEVER, np.float32)
    for head in SOFTMAX_HEADS:
        model = LogisticRegression(C=4, class_weight="balanced", max_iter=200).fit(known, getattr(targets, head).numpy())
        logits[:, COLUMNS[head].start + model.classes_] = model.decision_function(asked)
    for head in SIGMOID_HEADS:
        wanted = getattr(targets, head).numpy() > 0.5
        for label in np.flatnonzero(wanted.sum(0) >= 3):
            model = LogisticRegression(C=4, class_weight="balanced", solver="liblinear").fit(known, wanted[:, label])
            logits[:, COLUMNS[head].start + label] = model.decision_function(asked)
    logits[:, COLUMNS["polarities"]] = np.tile(logits[:, :3], (1, len(TOPICS)))
    return logits
