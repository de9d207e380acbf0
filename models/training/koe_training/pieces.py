"""Texts to piece ids, and ids to batches of similar length."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from .text_cleanup import create_text_cleanup

PAD = 1
END = 2


class Pieces:
    """Clean-up and tokenizer of a model folder (`textnorm.json`, `tokenizer.json`)."""

    def __init__(self, folder: Path, longest: int = 128) -> None:
        self.cleanup = create_text_cleanup(folder / "textnorm.json")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.longest = longest

    def ids(self, texts: list[str]) -> list[list[int]]:
        """Ids with the special ones around; what is longer than `longest` is cut before its end mark."""
        encoded = self.tokenizer.encode_batch([self.cleanup(text) for text in texts])
        return [
            found.ids if len(found.ids) <= self.longest else [*found.ids[: self.longest - 1], END] for found in encoded
        ]


def make_batches(ids: list[list[int]], pieces: int, rows: int, shuffle: random.Random | None = None) -> list[list[int]]:
    """Row numbers in batches of at most `rows` rows and `pieces` padded pieces, similar lengths together."""
    order = list(range(len(ids)))
    step = max(1, len(order))
    if shuffle is not None:
        shuffle.shuffle(order)
        step = 2048  # sorted within chunks, so that batches differ from epoch to epoch
    batches: list[list[int]] = []
    for start in range(0, len(order), step):
        batch: list[int] = []
        for row in sorted(order[start : start + step], key=lambda number: len(ids[number])):
            if batch and (len(ids[row]) * (len(batch) + 1) > pieces or len(batch) >= rows):
                batches.append(batch)
                batch = []
            batch.append(row)
        batches.append(batch)
    if shuffle is not None:
        shuffle.shuffle(batches)
    return batches


def collate(ids: list[list[int]], batch: list[int]) -> tuple[Tensor, Tensor]:
    """Padded ids and their mask, both int64 [rows, longest]."""
    longest = max(len(ids[row]) for row in batch)
    padded = torch.full((len(batch), longest), PAD)
    for place, row in enumerate(batch):
        padded[place, : len(ids[row])] = torch.tensor(ids[row])
    return padded, (padded != PAD).long()
