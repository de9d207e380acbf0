"""What a model is trained on: texts, and for each either labels, a teacher's answers, or both."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .encoder import Classifier
from .pieces import Pieces, collate, make_batches
from .rows import Row


@dataclass(frozen=True)
class TeacherAnswers:
    """A teacher's logits [n, 128] and vectors [n, hidden] for n texts."""

    logits: Tensor
    vectors: Tensor


@dataclass(frozen=True)
class Lesson:
    """The first texts are those of `rows`, in their order; texts after them have no labels."""

    rows: list[Row]
    unlabelled: list[str]
    answers: TeacherAnswers | None = None

    @property
    def texts(self) -> list[str]:
        """All texts, labelled ones first."""
        return [row.text for row in self.rows] + self.unlabelled


def answer(model: Classifier, texts: list[str], pieces: Pieces, fast: bool = False) -> TeacherAnswers:
    """A model's answers, without dropout; `fast` computes in bfloat16."""
    ids = pieces.ids(texts)
    logits = torch.zeros(len(texts), model.heads.out_features)
    vectors = torch.zeros(len(texts), model.heads.in_features)
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
        for batch in make_batches(ids, pieces=4096, rows=128):
            found = model(*collate(ids, batch))
            logits[batch], vectors[batch] = found[0].float(), found[1].float()
    return TeacherAnswers(logits, vectors)
