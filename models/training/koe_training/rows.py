"""Reads annotated rows (the seven-column TSV of the annotation guide) and splits them into train and dev."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .labels import EMOTIONS, FLAGS, INTENTS, POLARITY_CODES, SENTIMENT_CODES, TOPICS

_TOPIC = {name: index for index, name in enumerate(TOPICS)}
_INTENT = {name: index for index, name in enumerate(INTENTS)}
_EMOTION = {name: index for index, name in enumerate(EMOTIONS)}
_FLAG = {name: index for index, name in enumerate(FLAGS)}


@dataclass(frozen=True)
class Row:
    """One annotated text. A topic both praised and criticised has two entries in `topics`."""

    id: str
    text: str
    sentiment: int
    topics: tuple[tuple[int, int], ...]
    """Pairs of topic and polarity."""
    intents: tuple[int, ...]
    emotion: int
    flags: tuple[int, ...]
    source: str
    """Name of the file it came from, without extension."""


@dataclass(frozen=True)
class Split:
    """Disjoint rows for training and for development."""

    train: list[Row]
    dev: list[Row]


def parse_row(line: str, source: str) -> Row:
    """Raises ValueError that names the row, if it is not as the guide says."""
    cells = line.split("\t")
    if len(cells) != 7:
        raise ValueError(f"{source}: {len(cells)} columns, not 7: {line[:60]}")
    name, sentiment, topics, intents, emotion, flags, text = cells
    try:
        return Row(
            id=name,
            text=text,
            sentiment=SENTIMENT_CODES[sentiment],
            topics=tuple((_TOPIC[topic[:-1]], POLARITY_CODES[topic[-1]]) for topic in _listed(topics)),
            intents=tuple(_INTENT[intent] for intent in _listed(intents)),
            emotion=_EMOTION[emotion],
            flags=tuple(_FLAG[flag] for flag in _listed(flags)),
            source=source,
        )
    except KeyError as unknown:
        raise ValueError(f"{source}: row {name} has the unknown label {unknown}") from unknown


def read_rows(folders: Iterable[Path]) -> list[Row]:
    """All rows of all .tsv files in these folders, in the order of file names."""
    rows = []
    for folder in folders:
        files = sorted(folder.glob("*.tsv"))
        if not files:
            raise FileNotFoundError(f"no .tsv file in {folder}")
        for file in files:
            lines = file.read_text(encoding="utf-8").splitlines()
            rows += [parse_row(line, file.stem) for line in lines if line.strip()]
    return rows


def split_rows(rows: list[Row], share: float = 0.1, seed: int = 0) -> Split:
    """Holds out a share of the rows of each file, at random by the seed; the rows of other files do not matter."""
    held_out: set[str] = set()
    for source in sorted({row.source for row in rows}):
        ids = [row.id for row in rows if row.source == source]
        random.Random(f"{seed}:{source}").shuffle(ids)
        held_out.update(ids[: round(len(ids) * share)])
    dev = [row for row in rows if row.id in held_out]
    seen = {row.text for row in dev}
    return Split([row for row in rows if row.id not in held_out and row.text not in seen], dev)


def data_hash(rows: list[Row]) -> str:
    """SHA-256 over ids, labels and texts of rows, in their order."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _listed(cell: str) -> list[str]:
    return [] if cell == "none" else cell.split(",")
