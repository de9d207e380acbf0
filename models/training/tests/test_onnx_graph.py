"""The exported graph computes what torch computes, and a sentence does not feel its neighbours."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from koe_training.encoder import Classifier, Encoder
from koe_training.onnx_graph import quantise_blocks, write_encoder
from koe_training.packed_weights import PackedWeights

LAYERS = 2


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    base = PackedWeights()
    model = Encoder(1000, LAYERS).eval()
    state = base.encoder_state(list(range(1000)), list(range(LAYERS)))
    model.load_state_dict({name: torch.tensor(weights) for name, weights in state.items()})
    return model


@pytest.fixture(scope="module")
def session(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> onnxruntime.InferenceSession:
    path: Path = tmp_path_factory.mktemp("graph") / "model.onnx"
    write_encoder({name: weights.numpy() for name, weights in encoder.state_dict().items()}, LAYERS, path)
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def run(session: onnxruntime.InferenceSession, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})[0]


def test_vectors_are_those_of_torch(encoder: Encoder, session: onnxruntime.InferenceSession) -> None:
    ids = np.random.default_rng(0).integers(4, 1000, (3, 12))
    mask = np.ones_like(ids)
    mask[1, 7:] = 0
    with torch.no_grad():
        wanted = encoder(torch.tensor(ids), torch.tensor(mask)).numpy()
    found = run(session, ids, mask)
    cosines = (found * wanted).sum(1) / np.linalg.norm(found, axis=1) / np.linalg.norm(wanted, axis=1)
    assert cosines.min() > 0.997


def test_a_sentence_does_not_feel_its_neighbours(session: onnxruntime.InferenceSession) -> None:
    ids = np.random.default_rng(1).integers(4, 1000, (8, 20))
    mask = np.ones_like(ids)
    mask[0, 9:] = 0
    alone = run(session, ids[:1, :9], mask[:1, :9])
    assert np.abs(run(session, ids, mask)[0] - alone[0]).max() < 1e-4


def test_four_bits_hold_the_base_table_exactly() -> None:
    base = PackedWeights()
    table = base.matrix("emb.word", (base.vocabulary, base.hidden))[:5000].reshape(5000, -1, 32)
    levels, scales = quantise_blocks(table)
    assert np.array_equal((levels.astype(np.float32) - 8) * scales[..., None], table)


def test_folded_heads_give_the_same_logits() -> None:
    torch.manual_seed(0)
    model = Classifier(Encoder(50, 1)).eval()
    for weights in (model.heads.weight, model.polarity.weight, model.mean, model.deviation):
        torch.nn.init.uniform_(weights, 0.5, 1.5)
    vectors = torch.randn(4, 384)
    weights, bias = model.folded_heads()
    assert torch.allclose(model.score(vectors), vectors @ weights.T + bias, atol=1e-2)
