"""The labels of the annotation guide and the column each has in the heads' output.

The order is part of the model: `models/encoder/labels.json` states the same columns for the TypeScript side.
"""

from __future__ import annotations

SENTIMENTS = ("positive", "negative", "neutral", "mixed")
TOPICS = (
    "quality", "defect", "usability", "design", "feature", "assortment", "taste", "price", "billing", "delivery",
    "staff", "support", "waiting", "information", "account", "contract", "return", "reservation", "loyalty",
    "facility", "cleanliness", "location", "environment", "safety", "privacy", "overall",
)
POLARITIES = ("positive", "negative", "neutral")
INTENTS = ("complaint", "request", "question", "praise", "cancel", "cancel-order", "suggestion")
EMOTIONS = ("anger", "disappointment", "anxiety", "confusion", "joy", "gratitude", "none")
FLAGS = ("effort", "sarcasm", "abuse", "competitor", "spam", "safety")

SENTIMENT_CODES = {"p": 0, "n": 1, "0": 2, "m": 3}
POLARITY_CODES = {"+": 0, "-": 1, "0": 2}

COLUMNS: dict[str, slice] = {
    "sentiment": slice(0, 4),
    "topics": slice(4, 30),
    "polarities": slice(30, 108),
    "intents": slice(108, 115),
    "emotion": slice(115, 122),
    "flags": slice(122, 128),
}
"""Columns of each head; the polarity of topic t has the three columns from 30 + 3t."""

SOFTMAX_HEADS = ("sentiment", "emotion")
SIGMOID_HEADS = ("topics", "intents", "flags")

WIDTH = 128
"""How many columns there are."""


def labels_json() -> dict[str, object]:
    """What `labels.json` of the shipped folder holds."""
    names = {
        "sentiment": SENTIMENTS, "topics": TOPICS, "polarities": POLARITIES,
        "intents": INTENTS, "emotion": EMOTIONS, "flags": FLAGS,
    }
    heads = {head: {"first": COLUMNS[head].start, "labels": list(labels)} for head, labels in names.items()}
    return {"width": WIDTH, "dimensions": 384, "heads": heads}
