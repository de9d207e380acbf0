"""The encoder (BERT with layer norm after each block, as multilingual-e5-small is) and the heads on its mean vector."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .labels import COLUMNS, TOPICS, WIDTH


class Layer(nn.Module):
    """Attention, then two linear layers with GELU between them, each added to its input and normalised."""

    def __init__(self, hidden: int, heads: int, inner: int, dropout: float, epsilon: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.attended = nn.Linear(hidden, hidden)
        self.attended_norm = nn.LayerNorm(hidden, eps=epsilon)
        self.wide = nn.Linear(hidden, inner)
        self.narrow = nn.Linear(inner, hidden)
        self.narrow_norm = nn.LayerNorm(hidden, eps=epsilon)

    def forward(self, states: Tensor, bias: Tensor | None) -> Tensor:
        """[n, length, hidden] in and out; `bias` is added to attention scores before the softmax."""
        rows, length, hidden = states.shape
        dropout = self.dropout if self.training else 0.0
        split = self.qkv(states).view(rows, length, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        bias = bias if bias is None else bias.to(split.dtype)
        mixed = functional.scaled_dot_product_attention(*split, attn_mask=bias, dropout_p=dropout)
        mixed = self.attended(mixed.transpose(1, 2).reshape(rows, length, hidden))
        states = self.attended_norm(states + functional.dropout(mixed, dropout))
        mixed = self.narrow(functional.gelu(self.wide(states)))
        return self.narrow_norm(states + functional.dropout(mixed, dropout))


class Encoder(nn.Module):
    """Piece ids to one vector a sentence: the mean of the last layer's states."""

    def __init__(
        self, vocabulary: int, layers: int, hidden: int = 384, heads: int = 12, inner: int = 1536,
        positions: int = 512, dropout: float = 0.1, epsilon: float = 1e-12,
    ) -> None:
        super().__init__()
        self.dropout = dropout
        self.tokens = nn.Embedding(vocabulary, hidden)
        self.positions = nn.Embedding(positions, hidden)
        self.norm = nn.LayerNorm(hidden, eps=epsilon)
        self.layers = nn.ModuleList([Layer(hidden, heads, inner, dropout, epsilon) for _ in range(layers)])

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """ids and mask [n, length] to vectors [n, hidden]; positions with mask 0 are not read."""
        states = self.norm(self.tokens(ids) + self.positions.weight[: ids.shape[1]])
        states = functional.dropout(states, self.dropout if self.training else 0.0)
        bias = None if bool(mask.all()) else (1.0 - mask.to(states.dtype))[:, None, None, :] * -1e4
        for layer in self.layers:
            states = layer(states, bias)
        weights = mask.unsqueeze(-1).to(torch.float32)
        return (states.float() * weights).sum(1) / weights.sum(1).clamp(min=1)


class Classifier(nn.Module):
    """Encoder and heads. The heads read standardised vectors.

    e5's sentence vectors all point the same way (cosines above 0.8): without centring and scaling the heads learn
    slowly. Evidence for a polarity is shared by all topics (`polarity`), each topic adds its own in `heads`.
    """

    def __init__(self, encoder: Encoder, dropout: float = 0.1) -> None:
        super().__init__()
        hidden = encoder.tokens.embedding_dim
        self.encoder, self.dropout = encoder, dropout
        self.heads = nn.Linear(hidden, WIDTH)
        self.polarity = nn.Linear(hidden, 3, bias=False)
        for weights in (self.heads.weight, self.heads.bias, self.polarity.weight):
            nn.init.zeros_(weights)
        self.register_buffer("mean", torch.zeros(hidden))
        self.register_buffer("deviation", torch.ones(hidden))

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [n, 128] and vectors [n, hidden], both float32."""
        vectors = self.encoder(ids, mask)
        return self.score(vectors), vectors

    def score(self, vectors: Tensor) -> Tensor:
        """Logits [n, 128] of vectors [n, hidden]."""
        standard = (vectors - self.mean) / self.deviation
        standard = functional.dropout(standard, self.dropout if self.training else 0.0)
        weights, columns = self.heads.weight, COLUMNS["polarities"]
        shared = self.polarity.weight.repeat(len(TOPICS), 1)
        weights = torch.cat([weights[: columns.start], weights[columns] + shared, weights[columns.stop :]])
        with torch.autocast("cpu", enabled=False):
            return functional.linear(standard, weights, self.heads.bias)

    def folded_heads(self) -> tuple[Tensor, Tensor]:
        """Weights [128, hidden] and bias [128] that act on raw vectors: standardisation and shared evidence folded in."""
        columns = COLUMNS["polarities"]
        weights = self.heads.weight.detach().double().clone()
        weights[columns] += self.polarity.weight.detach().double().repeat(len(TOPICS), 1)
        weights = weights / self.deviation.double()
        bias = self.heads.bias.detach().double() - weights @ self.mean.double()
        return weights.float(), bias.float()
