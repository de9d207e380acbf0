"""Labels of rows as tensors."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .labels import FLAGS, INTENTS, TOPICS
from .rows import Row


@dataclass(frozen=True)
class Targets:
    """Labels of n rows."""

    sentiment: Tensor
    """int64 [n]"""
    topics: Tensor
    """float32 [n, 26]: 1 where present"""
    polarities: Tensor
    """float32 [n, 26, 3]: shares of the polarities of a present topic, all 0 where absent"""
    intents: Tensor
    emotion: Tensor
    flags: Tensor

    def select(self, numbers: list[int]) -> Targets:
        """The targets of these rows."""
        return Targets(*(tensor[numbers] for tensor in vars(self).values()))


def make_targets(rows: list[Row]) -> Targets:
    """A topic with two polarities gives each half of the weight."""
    count = len(rows)
    topics, intents, flags = (torch.zeros(count, len(names)) for names in (TOPICS, INTENTS, FLAGS))
    polarities = torch.zeros(count, len(TOPICS), 3)
    for number, row in enumerate(rows):
        for topic, polarity in row.topics:
            topics[number, topic] = 1
            polarities[number, topic, polarity] = 1
        intents[number, list(row.intents)] = 1
        flags[number, list(row.flags)] = 1
    polarities = polarities / polarities.sum(-1, keepdim=True).clamp(min=1)
    return Targets(
        sentiment=torch.tensor([row.sentiment for row in rows]),
        topics=topics,
        polarities=polarities,
        intents=intents,
        emotion=torch.tensor([row.emotion for row in rows]),
        flags=flags,
    )
