"""The training loop: AdamW, linear warm-up and decay, bfloat16 products, float32 weights.

A batch is halved between two Python threads, each with one thread of its own inside torch. On a busy machine that is
twice as fast as one batch on two threads, which would wait for each other inside every single operator.
"""

from __future__ import annotations

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from torch import Tensor

from .augmentation import augment
from .encoder import Classifier
from .labels import COLUMNS, SIGMOID_HEADS, SOFTMAX_HEADS
from .lesson import Lesson
from .objective import class_weights, label_loss, teacher_loss, vector_loss
from .pieces import Pieces, collate, make_batches
from .recipe import Recipe
from .targets import make_targets

WORKERS = 2


class Fitting:
    """A model being trained on a lesson by a recipe. `run` goes on from the checkpoint file if it is there."""

    def __init__(self, model: Classifier, lesson: Lesson, recipe: Recipe, pieces: Pieces, checkpoint: Path) -> None:
        self.model, self.lesson, self.recipe, self.pieces, self.checkpoint = model, lesson, recipe, pieces, checkpoint
        self.targets = make_targets(lesson.rows)
        self.balance = class_weights(self.targets.sentiment, 4)
        self.optimiser = _optimiser(model, recipe)
        self.trained = [weights for weights in model.parameters() if weights.requires_grad]
        self.chance = random.Random(recipe.seed)
        self.epoch, self.seconds = 0, 0.0

    def run(self) -> float:
        """Trains the model in place; returns the seconds that all its epochs took. Progress goes to standard error."""
        torch.manual_seed(self.recipe.seed)
        if self.checkpoint.exists():
            self._restore()
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        with ThreadPoolExecutor(WORKERS) as workers:
            while self.epoch < self.recipe.epochs:
                began = time.monotonic()
                self._epoch(workers)
                self.epoch += 1
                self.seconds += time.monotonic() - began
                self._save()
        torch.set_num_threads(threads)
        self.model.eval()
        return self.seconds

    def _epoch(self, workers: ThreadPoolExecutor) -> None:
        recipe = self.recipe
        texts = self.lesson.texts
        ids = self.pieces.ids(_as_typed(self.lesson, texts, self.chance) if recipe.augmented else texts)
        batches = make_batches(ids, recipe.batch_pieces, recipe.batch_rows, self.chance)
        self.model.train()
        losses, seen, began = [], 0, time.monotonic()
        for number, batch in enumerate(batches):
            _set_rate(self.optimiser, (self.epoch + number / len(batches)) / recipe.epochs, recipe.warm_up)
            losses.append(self._step(workers, ids, batch))
            seen += sum(len(ids[row]) for row in batch)
            if (number + 1) % 50 == 0 or number + 1 == len(batches):
                pace = seen / (time.monotonic() - began)
                recent = sum(losses[-50:]) / len(losses[-50:])
                place = f"epoch {self.epoch + 1}/{recipe.epochs} batch {number + 1}/{len(batches)}"
                print(f"{place} loss {recent:.3f} {pace:.0f} pieces/s", file=sys.stderr, flush=True)

    def _step(self, workers: ThreadPoolExecutor, ids: list[list[int]], batch: list[int]) -> float:
        shares = [share for share in (batch[start::WORKERS] for start in range(WORKERS)) if share]
        found = list(workers.map(lambda share: self._gradients(ids, share, len(share) / len(batch)), shares))
        for place, weights in enumerate(self.trained):
            weights.grad = sum((gradients[place] for _, gradients in found[1:]), found[0][1][place])
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimiser.step()
        return sum(loss for loss, _ in found)

    def _gradients(self, ids: list[list[int]], batch: list[int], share: float) -> tuple[float, tuple[Tensor, ...]]:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, vectors = self.model(*collate(ids, batch))
        loss = self._loss(logits, vectors, batch) * share
        return loss.item(), torch.autograd.grad(loss, self.trained)

    def _loss(self, logits: Tensor, vectors: Tensor, batch: list[int]) -> Tensor:
        recipe, answers = self.recipe, self.lesson.answers
        loss = logits.sum() * 0  # so that all weights have a gradient
        labelled = [place for place, row in enumerate(batch) if row < len(self.lesson.rows)]
        if labelled and recipe.label_weight > 0:
            wanted = self.targets.select([batch[place] for place in labelled])
            share = len(labelled) / len(batch)
            loss = loss + recipe.label_weight * share * label_loss(logits[labelled], wanted, self.balance)
        if answers is not None:
            loss = loss + recipe.teacher_weight * teacher_loss(logits, answers.logits[batch])
            loss = loss + recipe.vector_weight * vector_loss(vectors, answers.vectors[batch], self.model.deviation)
        return loss

    def _save(self) -> None:
        state = {
            "model": self.model.state_dict(), "optimiser": self.optimiser.state_dict(), "epoch": self.epoch,
            "seconds": self.seconds, "chance": self.chance.getstate(), "torch": torch.get_rng_state(),
        }
        unfinished = self.checkpoint.with_suffix(".tmp")
        torch.save(state, unfinished)
        unfinished.replace(self.checkpoint)

    def _restore(self) -> None:
        state = torch.load(self.checkpoint, weights_only=False)
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.epoch, self.seconds = state["epoch"], state["seconds"]
        self.chance.setstate(state["chance"])
        torch.set_rng_state(state["torch"])


def start_heads(model: Classifier, lesson: Lesson, pieces: Pieces) -> None:
    """Standardises by the untrained encoder's vectors and starts each column at its label's log odds.

    From zero the heads would spend the first epoch on learning how rare each label is.
    """
    sample = random.Random(0).sample(lesson.texts, k=min(1000, len(lesson.texts)))
    ids = pieces.ids(sample)
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = torch.cat([model.encoder(*collate(ids, batch)) for batch in make_batches(ids, 4096, 128)])
    targets = make_targets(lesson.rows)
    with torch.no_grad():
        model.mean.copy_(vectors.mean(0))
        model.deviation.copy_(vectors.std(0).clamp(min=1e-3))
        bias = model.heads.bias
        for head in SOFTMAX_HEADS:
            counts = torch.bincount(getattr(targets, head), minlength=bias[COLUMNS[head]].numel()).float() + 1
            bias[COLUMNS[head]] = counts.log() - counts.log().mean()
        for head in SIGMOID_HEADS:
            shares = (getattr(targets, head).sum(0) + 0.5) / (len(lesson.rows) + 1)
            bias[COLUMNS[head]] = torch.logit(shares)
        bias[COLUMNS["polarities"]] = (targets.polarities.sum(0) + 1).log().reshape(-1)


def _as_typed(lesson: Lesson, texts: list[str], chance: random.Random) -> list[str]:
    sentiments: list[int | None] = [row.sentiment for row in lesson.rows]
    sentiments += [None] * (len(texts) - len(sentiments))
    return [augment(text, sentiment, chance) for text, sentiment in zip(texts, sentiments, strict=True)]


def _optimiser(model: Classifier, recipe: Recipe) -> torch.optim.AdamW:
    # The table of pieces stays as it is: training it changed no figure, and a frozen one keeps its 4-bit form exact.
    model.encoder.tokens.weight.requires_grad_(False)
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, weights in model.named_parameters():
        if not weights.requires_grad:
            continue
        if not name.startswith("encoder."):
            rate = recipe.head_rate
        elif name.startswith("encoder.layers."):
            rate = recipe.rate * recipe.decay ** (recipe.layers - 1 - int(name.split(".")[2]))
        else:
            rate = recipe.rate * recipe.decay**recipe.layers
        groups.setdefault((rate, recipe.weight_decay if weights.dim() > 1 else 0.0), []).append(weights)
    settings = [
        {"params": members, "lr": rate, "peak": rate, "weight_decay": decay} for (rate, decay), members in groups.items()
    ]
    return torch.optim.AdamW(settings, betas=(0.9, 0.98), fused=True)


def _set_rate(optimiser: torch.optim.AdamW, progress: float, warm_up: float) -> None:
    factor = progress / warm_up if progress < warm_up else (1 - progress) / (1 - warm_up)
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * factor
