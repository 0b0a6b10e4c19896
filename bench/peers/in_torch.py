"""The classic network in PyTorch. Its settings are those that were fastest of what was tried: fused Adam, oneDNN's LSTM
for learning, cells for one step, numbers too small for full precision taken for zero."""

import pathlib

import torch
from torch import nn

from network import CHARACTERS, DROPOUT, EMBEDDING, EPSILON, FOLDER, HIDDEN, LAYERS, RATE, TUNE, WINDOW, slice_of

FILE = pathlib.Path(FOLDER) / "torch.pt"


class Learner(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(CHARACTERS, EMBEDDING)
        self.lstm = nn.LSTM(EMBEDDING, HIDDEN, LAYERS, dropout=DROPOUT)
        self.dropout = nn.Dropout(DROPOUT)
        self.dense = nn.Linear(HIDDEN, CHARACTERS)

    def forward(self, tokens, targets, state):
        hidden, state = self.lstm(self.embedding(tokens), state)
        logits = self.dense(self.dropout(hidden))
        return nn.functional.cross_entropy(logits.view(-1, CHARACTERS), targets.view(-1)), state


class Cells(nn.Module):
    """One step; of one stream faster than the LSTM layer, which sets up oneDNN each time."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(CHARACTERS, EMBEDDING)
        widths = [EMBEDDING] + [HIDDEN] * (LAYERS - 1)
        self.cells = nn.ModuleList([nn.LSTMCell(width, HIDDEN) for width in widths])
        self.dense = nn.Linear(HIDDEN, CHARACTERS)

    def forward(self, token, state):
        x, new = self.embedding(token), []
        for cell, before in zip(self.cells, state):
            x, c = cell(x, before)
            new.append((x, c))
        return self.dense(x), new


class Stack(nn.Module):
    """One step of the LSTM layer, which is what PyTorch can have in 8 bits."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(CHARACTERS, EMBEDDING)
        self.lstm = nn.LSTM(EMBEDDING, HIDDEN, LAYERS)
        self.dense = nn.Linear(HIDDEN, CHARACTERS)

    def forward(self, token, state):
        y, state = self.lstm(self.embedding(token).unsqueeze(0), state)
        return self.dense(y[0]), state


def begin(threads):
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)


def learning(variant, batch):
    net = Learner().train()
    optimizer = torch.optim.Adam(net.parameters(), RATE, eps=EPSILON, fused=True)
    learn = torch.compile(net) if variant == "compile" else net
    windows = torch.randint(0, CHARACTERS, (64, WINDOW, batch))
    state = tuple(torch.zeros(LAYERS, batch, HIDDEN) for _ in range(2))
    done = 0

    def work():
        nonlocal state, done
        tokens, targets = windows[done % 64], windows[(done + 1) % 64]
        with torch.autocast("cpu", torch.bfloat16, enabled=variant == "bf16"):
            loss, after = learn(tokens, targets, state)
        state = tuple(tensor.detach().float() for tensor in after)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        done += 1
        return 1

    return work


def stepper(variant, batch):
    if variant == "8 bits":
        from torch.ao.quantization import quantize_dynamic

        net = quantize_dynamic(Stack().eval(), {nn.LSTM, nn.Linear}, dtype=torch.qint8)
        return net, tuple(torch.zeros(LAYERS, batch, HIDDEN) for _ in range(2))
    zeros = [(torch.zeros(batch, HIDDEN), torch.zeros(batch, HIDDEN)) for _ in range(LAYERS)]
    return Cells().eval(), zeros


def streams(net, state, batch):
    token = torch.zeros(batch, dtype=torch.long)

    @torch.inference_mode()
    def work(steps=slice_of(batch)):
        nonlocal token, state
        for _ in range(steps):
            logits, state = net(token, state)
            # The largest of shares over exponential numbers is a draw by the shares.
            token = (torch.softmax(logits, 1) / torch.empty_like(logits).exponential_()).argmax(1)
        return steps * batch

    return work


def prepare(task):
    if task["kind"] == "train":
        return learning(task["variant"], task["batch"])
    return streams(*stepper(task["variant"], task["batch"]), task["batch"])


def save():
    torch.save(Cells().state_dict(), FILE)


def first_tune():
    net, state = stepper("", 1)
    net.load_state_dict(torch.load(FILE))
    streams(net, state, 1)(TUNE)
