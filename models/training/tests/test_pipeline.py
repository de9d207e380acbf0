"""All stages on a hundred rows and the smallest models."""

from pathlib import Path

import pytest

from koe_training.pipeline import Pipeline, Places
from koe_training.recipe import Recipe

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture()
def places(tmp_path: Path) -> Places:
    data = tmp_path / "data"
    data.mkdir()
    rows = (ROOT / "models/training/data/authored/ec.tsv").read_text(encoding="utf-8").splitlines()[:100]
    (data / "ec.tsv").write_text("\n".join(rows), encoding="utf-8")
    return Places([data], ROOT / "models/encoder", tmp_path / "work")


def pipeline(places: Places) -> Pipeline:
    teacher = Recipe(layers=2, epochs=1, threads=1)
    student = Recipe(layers=1, epochs=1, threads=1, teacher_weight=1.0, vector_weight=1.0)
    return Pipeline(places, teacher, student, unlabelled=0, composed=10)


def test_a_run_ships_a_folder_and_a_stopped_run_goes_on(places: Places) -> None:
    first = pipeline(places).run()
    shipped = {str(path.relative_to(places.exported)) for path in places.exported.rglob("*") if path.is_file()}
    assert shipped == {
        "onnx/model_quantized.onnx", "tokenizer.json", "tokenizer_config.json", "textnorm.json", "heads.bin",
        "labels.json", "config.json", "calibration.json",
    }
    assert first["data"]["dev"] == 10
    again = pipeline(places).run()
    assert again["dev"] == first["dev"]
    assert again["seconds"]["teacher"] <= first["seconds"]["teacher"]
