"""Writes the folder that koe ships, and reads answers of the graph in it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime

from .encoder import Classifier
from .labels import WIDTH, labels_json
from .onnx_graph import write_encoder
from .pieces import Pieces, collate, make_batches

GRAPH = "onnx/model_quantized.onnx"
POSITIONS = 130
"""128 pieces are read; transformers.js takes two off what config.json says, as models of RoBERTa's kind want it."""


def export_folder(model: Classifier, tokenizer: Path, folder: Path) -> int:
    """Writes everything but `calibration.json`; returns the size of the graph in bytes. `tokenizer` is a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: weights.detach().float().numpy() for name, weights in model.encoder.state_dict().items()}
    layers = len(model.encoder.layers)
    size = write_encoder(state, layers, folder / GRAPH, POSITIONS)
    for name in ("tokenizer.json", "tokenizer_config.json", "textnorm.json"):
        shutil.copyfile(tokenizer / name, folder / name)
    weights, bias = model.folded_heads()
    (folder / "heads.bin").write_bytes(weights.numpy().astype("<f4").tobytes() + bias.numpy().astype("<f4").tobytes())
    write_json(folder / "labels.json", labels_json())
    config = {
        "model_type": "bert", "architectures": ["BertModel"], "vocab_size": state["tokens.weight"].shape[0],
        "hidden_size": 384, "num_hidden_layers": layers, "num_attention_heads": 12, "intermediate_size": 1536,
        "max_position_embeddings": POSITIONS, "pad_token_id": 1,
    }
    write_json(folder / "config.json", config)
    return size


def exported_logits(folder: Path, texts: list[str]) -> np.ndarray:
    """Logits [n, 128] of the int8 graph and the heads of an exported folder."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
    packed = np.frombuffer((folder / "heads.bin").read_bytes(), "<f4")
    weights, bias = packed[:-WIDTH].reshape(WIDTH, -1), packed[-WIDTH:]
    ids = Pieces(folder).ids(texts)
    logits = np.zeros((len(texts), WIDTH), np.float32)
    for batch in make_batches(ids, pieces=1024, rows=16):
        padded, mask = collate(ids, batch)
        (vectors,) = session.run(["embedding"], {"input_ids": padded.numpy(), "attention_mask": mask.numpy()})
        logits[batch] = vectors @ weights.T + bias
    return logits


def write_json(path: Path, value: object) -> None:
    """Two spaces of indentation, Japanese as it is, a line break at the end."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
