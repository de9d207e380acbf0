"""What is minimised: the loss against labels, and the loss against a teacher."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .labels import COLUMNS, SIGMOID_HEADS, SOFTMAX_HEADS, TOPICS
from .targets import Targets

WEIGHTS = {"sentiment": 1.0, "topics": 1.0, "polarities": 0.5, "intents": 0.7, "emotion": 0.5, "flags": 0.3}
TEMPERATURE = 2.0


def class_weights(labels: Tensor, classes: int) -> Tensor:
    """Square roots of inverse frequencies, between 0.3 and 3, so that rare classes are heard but do not shout."""
    counts = torch.bincount(labels, minlength=classes).float().clamp(min=1)
    return (counts.sum() / (counts * classes)).sqrt().clamp(0.3, 3)


def label_loss(logits: Tensor, targets: Targets, balance: Tensor, smoothing: float = 0.05) -> Tensor:
    """Weighted sum over the heads; multi-label heads are summed over labels and averaged over rows."""
    heads = {head: logits[:, columns] for head, columns in COLUMNS.items()}
    polarities = functional.log_softmax(heads["polarities"].reshape(-1, len(TOPICS), 3), -1)
    present = targets.topics.sum().clamp(min=1)
    losses = {
        "sentiment": functional.cross_entropy(heads["sentiment"], targets.sentiment, balance, label_smoothing=smoothing),
        "emotion": functional.cross_entropy(heads["emotion"], targets.emotion),
        "polarities": -(targets.polarities * polarities).sum() / present,
    }
    for head in SIGMOID_HEADS:
        wanted = getattr(targets, head)
        losses[head] = functional.binary_cross_entropy_with_logits(heads[head], wanted, reduction="none").sum(1).mean()
    return torch.stack([WEIGHTS[head] * loss for head, loss in losses.items()]).sum()


def teacher_loss(logits: Tensor, teacher: Tensor) -> Tensor:
    """Distillation (Hinton et al. 2015): softened distributions for softmax heads, probabilities for sigmoid heads.

    A topic's polarity counts by how surely the teacher sees the topic.
    """
    own = {head: logits[:, columns] for head, columns in COLUMNS.items()}
    wanted = {head: teacher[:, columns] for head, columns in COLUMNS.items()}
    losses = []
    for head in SOFTMAX_HEADS:
        divergence = _divergence(own[head] / TEMPERATURE, wanted[head] / TEMPERATURE).mean() * TEMPERATURE**2
        losses.append(WEIGHTS[head] * divergence)
    for head in SIGMOID_HEADS:
        probability = torch.sigmoid(wanted[head])
        loss = functional.binary_cross_entropy_with_logits(own[head], probability, reduction="none")
        losses.append(WEIGHTS[head] * loss.sum(1).mean())
    shape = (-1, len(TOPICS), 3)
    divergence = _divergence(own["polarities"].reshape(shape), wanted["polarities"].reshape(shape))
    losses.append(WEIGHTS["polarities"] * (divergence * torch.sigmoid(wanted["topics"])).sum(1).mean())
    return torch.stack(losses).sum()


def vector_loss(vectors: Tensor, teacher: Tensor, deviation: Tensor) -> Tensor:
    """Mean squared distance to the teacher's vectors, in units of their standard deviations."""
    return functional.mse_loss(vectors / deviation, teacher / deviation)


def _divergence(logits: Tensor, wanted: Tensor) -> Tensor:
    own, other = functional.log_softmax(logits, -1), functional.log_softmax(wanted, -1)
    return functional.kl_div(own, other, reduction="none", log_target=True).sum(-1)
