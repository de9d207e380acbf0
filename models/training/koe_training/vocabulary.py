"""Maps the pruned vocabulary of the shipped tokenizer to rows of the base model's embedding table.

The pieces kept (18,335 of 250,037) are those that NFKC text in Japanese, Latin or symbols can produce: all kana and
JIS kanji, kanji words and Latin pieces that the training text or its first 1,500 ranks hold, JIS symbols, and the
emoji of `textnorm.json`. Japanese text gets the same pieces as from the whole vocabulary.
"""

from __future__ import annotations

import json
from pathlib import Path

from .packed_weights import PackedWeights

_SPECIAL_ROWS = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}


def embedding_rows(tokenizer: Path, cleanup_table: Path, base: PackedWeights) -> list[int]:
    """For each piece of the tokenizer its row in the base; raises KeyError for a piece the base does not know."""
    pieces = [piece for piece, _ in json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]]
    emoji_pieces: dict[str, str] = json.loads(cleanup_table.read_text(encoding="utf-8"))["piece"]
    row_of = {piece: row for row, piece in enumerate(base.pieces)} | _SPECIAL_ROWS
    return [row_of[emoji_pieces.get(piece, piece)] for piece in pieces]
