"""Networks on text, speech, tables and graphs.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from exports import architecture


def tokens(length, vocabulary=30):
    return torch.randint(1, vocabulary, (1, length))


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class DecoderBlock(nn.Module):
    """Llama's: rotary positions, grouped queries, a cache that grows, SwiGLU."""

    def __init__(self, width=32, heads=4, groups=2):
        super().__init__()
        self.heads, self.groups, self.size = heads, groups, width // heads
        self.q, self.out = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.k = nn.Linear(width, groups * self.size, bias=False)
        self.v = nn.Linear(width, groups * self.size, bias=False)
        self.norm1, self.norm2 = RMSNorm(width), RMSNorm(width)
        self.gate, self.up = nn.Linear(width, 64, bias=False), nn.Linear(width, 64, bias=False)
        self.down = nn.Linear(64, width, bias=False)

    def rotate(self, x, position):
        frequency = 10000 ** (-torch.arange(0, self.size, 2).float() / self.size)
        angle = (position[:, :, None].float() * frequency).repeat(1, 1, 2)[:, None]
        swapped = torch.cat([-x[..., self.size // 2 :], x[..., : self.size // 2]], -1)
        return x * angle.cos() + swapped * angle.sin()

    def repeat(self, x):
        b, groups, length, size = x.shape
        x = x[:, :, None].expand(b, groups, self.heads // groups, length, size)
        return x.reshape(b, self.heads, length, size)

    def forward(self, x, position, keys=None, values=None):
        b, length, width = x.shape
        split = lambda y, heads: y.view(b, length, heads, self.size).transpose(1, 2)
        y = self.norm1(x)
        q = self.rotate(split(self.q(y), self.heads), position)
        k = self.rotate(split(self.k(y), self.groups), position)
        v = split(self.v(y), self.groups)
        if keys is not None:
            k, v = torch.cat([keys, k], 2), torch.cat([values, v], 2)
        weights = q @ self.repeat(k).transpose(2, 3) / math.sqrt(self.size)
        total = k.shape[2]
        later = torch.arange(total)[None] > torch.arange(length)[:, None] + (total - length)
        weights = weights.masked_fill(later, torch.finfo(x.dtype).min).softmax(-1)
        x = x + self.out((weights @ self.repeat(v)).transpose(1, 2).reshape(b, length, width))
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y)), k, v


@architecture
def decoder_prefill():
    return DecoderBlock(), (torch.randn(1, 8, 32), torch.arange(8)[None])


@architecture
def decoder_step():
    return DecoderBlock(), (
        torch.randn(1, 1, 32),
        torch.tensor([[7]]),
        torch.randn(1, 2, 7, 8),
        torch.randn(1, 2, 7, 8),
    )


class FixedCache(nn.Module):
    """Attention over a cache of fixed size, of which one row is written."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(32, 32) for _ in range(3))

    def forward(self, x, position, keys, values):
        split = lambda y: y.view(1, 1, 4, 8).transpose(1, 2)
        keys = keys.index_copy(2, position, split(self.k(x)))
        values = values.index_copy(2, position, split(self.v(x)))
        future = torch.arange(keys.shape[2])[None, None, None] > position
        weights = split(self.q(x)) @ keys.transpose(2, 3) / math.sqrt(8)
        return weights.masked_fill(future, -math.inf).softmax(-1) @ values, keys, values


@architecture
def fixed_cache_step():
    return FixedCache(), (
        torch.randn(1, 1, 32),
        torch.tensor([5]),
        torch.randn(1, 4, 16, 8),
        torch.randn(1, 4, 16, 8),
    )


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.out = nn.Embedding(30, 32), nn.Linear(32, 30)
        self.transformer = nn.Transformer(32, 4, 1, 1, 64, batch_first=True)

    def forward(self, source, target):
        mask = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        return self.out(
            self.transformer(self.embedding(source), self.embedding(target), tgt_mask=mask)
        )


@architecture
def encoder_decoder():
    return Translator(), (tokens(8), tokens(6))


class ConformerBlock(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.attention = nn.MultiheadAttention(width, 4, batch_first=True)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.convolution = nn.Sequential(
            nn.Conv1d(width, 2 * width, 1),
            nn.GLU(1),
            nn.Conv1d(width, width, 7, padding=3, groups=width),
            nn.BatchNorm1d(width),
            nn.SiLU(),
            nn.Conv1d(width, width, 1),
        )
        self.feed = nn.Sequential(nn.Linear(width, 64), nn.SiLU(), nn.Linear(64, width))

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        x = x + self.convolution(self.norm2(x).transpose(1, 2)).transpose(1, 2)
        return x + 0.5 * self.feed(self.norm3(x))


@architecture
def conformer():
    return ConformerBlock(), (torch.randn(1, 12, 32),)


class SelectiveState(nn.Module):
    """Mamba's block: a causal convolution and a recurrence that the input controls."""

    def __init__(self, width=16, states=4):
        super().__init__()
        self.states, self.inner = states, 2 * width
        self.enter = nn.Linear(width, 4 * width, bias=False)
        self.convolution = nn.Conv1d(self.inner, self.inner, 4, groups=self.inner, padding=3)
        self.control, self.step = (
            nn.Linear(self.inner, 2 + 2 * states, bias=False),
            nn.Linear(2, self.inner),
        )
        self.decay = nn.Parameter(
            torch.log(torch.arange(1, states + 1).float()).repeat(self.inner, 1)
        )
        self.leave = nn.Linear(self.inner, width, bias=False)

    def forward(self, x):
        length = x.shape[1]
        u, gate = self.enter(x).chunk(2, -1)
        u = F.silu(self.convolution(u.transpose(1, 2))[:, :, :length].transpose(1, 2))
        step, write, read = self.control(u).split([2, self.states, self.states], -1)
        step = F.softplus(self.step(step)).unsqueeze(-1)
        keep, add = (
            torch.exp(step * -torch.exp(self.decay)),
            step * write.unsqueeze(2) * u.unsqueeze(-1),
        )
        state, out = torch.zeros(1, self.inner, self.states), []
        for t in range(length):
            state = keep[:, t] * state + add[:, t]
            out.append((state * read[:, t].unsqueeze(1)).sum(-1))
        return self.leave(torch.stack(out, 1) * F.silu(gate))


@architecture
def selective_state():
    return SelectiveState(), (torch.randn(1, 8, 16),)


class DilatedStack(nn.Module):
    """WaveNet: causal convolutions with gates and skip connections."""

    def __init__(self):
        super().__init__()
        self.enter, self.out = nn.Conv1d(1, 16, 1), nn.Conv1d(16, 32, 1)
        self.gates = nn.ModuleList([nn.Conv1d(16, 32, 2, dilation=2**i) for i in range(4)])

    def forward(self, x):
        x, skip = self.enter(x), 0
        for i, gate in enumerate(self.gates):
            value, control = gate(F.pad(x, (2**i, 0))).chunk(2, 1)
            y = torch.tanh(value) * torch.sigmoid(control)
            x, skip = x + y, skip + y
        return F.log_softmax(self.out(F.relu(skip)), 1)


@architecture
def dilated_convolutions():
    return DilatedStack(), (torch.randn(1, 1, 64),)


class Tagger(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.embedding = nn.Embedding(30, 16)
        self.recurrent, self.out = (
            cell(16, 20, 2, batch_first=True, bidirectional=True),
            nn.Linear(40, 9),
        )

    def forward(self, x):
        return self.out(self.recurrent(self.embedding(x))[0])


@architecture
def lstm_tagger():
    return Tagger(nn.LSTM), (tokens(12),)


@architecture
def gru_tagger():
    return Tagger(nn.GRU), (tokens(12),)


class ConvLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.gates = nn.Conv2d(2 + 8, 32, 3, padding=1)

    def forward(self, x):
        state = hidden = torch.zeros(1, 8, *x.shape[3:])
        for t in range(x.shape[1]):
            i, f, o, g = self.gates(torch.cat([x[:, t], hidden], 1)).chunk(4, 1)
            state = f.sigmoid() * state + i.sigmoid() * g.tanh()
            hidden = o.sigmoid() * state.tanh()
        return hidden, state


@architecture
def conv_lstm():
    return ConvLSTM(), (torch.randn(1, 3, 2, 12, 12),)


class Recommender(nn.Module):
    """DLRM: bags of categories, whose pairwise products are features."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Sequential(nn.Linear(5, 8), nn.ReLU())
        self.bags = nn.ModuleList([nn.EmbeddingBag(n, 8, mode="sum") for n in (20, 30)])
        self.top = nn.Sequential(nn.Linear(8 + 3, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())

    def forward(self, dense, first, second, first_offsets=None, second_offsets=None):
        x = self.dense(dense)
        bags = [self.bags[0](first, first_offsets), self.bags[1](second, second_offsets)]
        rows = torch.stack([x, *bags], 1)
        pairs = torch.bmm(rows, rows.transpose(1, 2))[:, [1, 2, 2], [0, 0, 1]]
        return self.top(torch.cat([x, pairs], 1))


@architecture
def recommender():
    return Recommender(), (torch.randn(1, 5), tokens(3, 20), tokens(4, 30))


@architecture
def recommender_with_offsets():
    """Bags of different sizes, which only the data tell, one of them empty."""
    ids = tokens(9, 20)[0], tokens(12, 30)[0]
    offsets = torch.tensor([0, 4, 4, 7]), torch.tensor([0, 1, 5, 9])
    return Recommender(), (torch.randn(4, 5), *ids, *offsets)


class Experts(nn.Module):
    """A mixture of experts of which the two best count."""

    def __init__(self):
        super().__init__()
        self.router = nn.Linear(16, 4)
        self.experts = nn.ModuleList(
            [nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16)) for _ in range(4)]
        )

    def forward(self, x):
        weights, chosen = self.router(x).softmax(-1).topk(2, -1)
        spread = torch.zeros(*x.shape[:-1], 4).scatter(
            -1, chosen, weights / weights.sum(-1, keepdim=True)
        )
        return sum(expert(x) * spread[..., i : i + 1] for i, expert in enumerate(self.experts))


@architecture
def experts():
    return Experts(), (torch.randn(1, 6, 16),)
