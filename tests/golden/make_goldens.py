#!/usr/bin/env python3
"""Reference implementation of the network, written to produce test goldens.

It makes one file per case next to itself (odd.json, stack.json, even.json,
hard.json, single.json): parameters, initial state, data, and what a correct
implementation computes from them (logits, loss, gradients, final state, ten
training updates under three optimiser settings, evaluation without dropout).

    pip install numpy autograd
    python3 tests/golden/make_goldens.py [output folder]

The committed JSON files are the output of this script. All seeds are fixed,
so running it again gives identical files. Everything is computed in float64;
gradients come from automatic differentiation (HIPS autograd), and are checked
here against finite differences. It shares no code with the C++ sources.

Notation: T steps, N batch, C input width, H hidden, V vocabulary, E embedding.
All arrays are written flat, row-major. Rows of [T*N, ...] have index t*N + n.

How floats are written: parameters and initial states are float32 values, in
the shortest of up to 9 significant digits that reads back as the same float32;
everything computed has 10 significant digits, except where a case says
otherwise ("digits", to keep its file small).

Where the description of the network leaves a choice, this is what is done:
  - "losses", "clipped_losses" and "adamw_losses" are losses with dropout on,
    each taken before the update of the same index.
  - "norms" and "final_tensors" belong to the run that gives "losses".
  - The state carried to the next window (and "update0".h, .c) is the one of
    the forward pass which gave the loss, with h as the recurrent path sees it,
    that is without the dropout mask.
  - The dropout rate is the float32-rounded one both in the threshold and in
    the scale 1 / (1 - rate). Learning rate, betas, epsilon, clipping norm and
    weight decay are float64 constants.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import json
import sys

import autograd.numpy as np
import numpy as onp
from autograd import value_and_grad

UNKNOWN = 65535
UPDATES = 10
LEARNING_RATE, BETA1, BETA2, EPSILON = 0.01, 0.9, 0.999, 1e-7
CLIP_NORM = 0.05
WEIGHT_DECAY = 0.1
MAX_BYTES = 150 * 1000

CASES = [
    dict(name="odd", V=7, E=5, hidden=[3], T=5, N=3, dropout=0.0,
         gate="sigmoid", seed=1, data_seed=101, unknown=[0, 4, 5, 11, 14]),
    dict(name="stack", V=11, E=6, hidden=[5, 9], T=7, N=5, dropout=0.3,
         gate="sigmoid", seed=0x123456789ABCDEF, data_seed=102),
    dict(name="even", V=16, E=8, hidden=[8, 16, 8], T=8, N=8, dropout=0.2,
         gate="sigmoid", seed=0xFEDCBA9876543210, data_seed=103, digits=8),
    dict(name="hard", V=9, E=4, hidden=[6, 4], T=6, N=2, dropout=0.25,
         gate="hard_sigmoid", seed=42, data_seed=104),
    dict(name="single", V=3, E=1, hidden=[1], T=1, N=1, dropout=0.0,
         gate="sigmoid", seed=7, data_seed=105),
]


# ---- random numbers: Philox4x32-10 (Salmon et al. 2011) ---------------------

def philox4x32(counter, key):
    """Ten rounds on a counter of 4 and a key of 2 words, in Python integers."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = ((p1 >> 32) ^ c1 ^ k0, p1 & 0xFFFFFFFF,
                          (p0 >> 32) ^ c3 ^ k1, p0 & 0xFFFFFFFF)
        k0 = (k0 + 0x9E3779B9) & 0xFFFFFFFF
        k1 = (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0, c1, c2, c3


def check_philox():
    """The known answers published with Random123."""
    ones = 0xFFFFFFFF
    assert philox4x32((0, 0, 0, 0), (0, 0)) == (
        0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    assert philox4x32((ones,) * 4, (ones,) * 2) == (
        0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)
    assert philox4x32((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
                      (0xA4093822, 0x299F31D0)) == (
        0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)


def dropout_mask(rows, width, layer, update, seed, rate):
    """[rows, width]: 0 where dropped, else 1 / (1 - rate)."""
    mask = onp.ones((rows, width))
    if rate == 0.0:
        return mask
    rate = float(onp.float32(rate))
    threshold = int(rate * 2.0 ** 32)
    blocks = (width + 3) // 4
    key = (seed & 0xFFFFFFFF, seed >> 32)
    for r in range(rows):
        for b in range(blocks):
            words = philox4x32((r * blocks + b, 0x200 + layer,
                                update & 0xFFFFFFFF, update >> 32), key)
            for j in range(4 * b, min(4 * b + 4, width)):
                dropped = words[j % 4] < threshold
                mask[r, j] = 0.0 if dropped else 1.0 / (1.0 - rate)
    return mask


def update_masks(case, update):
    """The masks of one update: per layer [T, N, H]."""
    T, N = case["T"], case["N"]
    return [dropout_mask(T * N, H, l, update, case["seed"], case["dropout"])
            .reshape(T, N, H) for l, H in enumerate(case["hidden"])]


# ---- network ----------------------------------------------------------------

def sigmoid(x):
    return 0.5 * (np.tanh(0.5 * x) + 1.0)


def hard_sigmoid(x):
    return np.maximum(0.0, np.minimum(1.0, 0.2 * x + 0.5))


GATES = {"sigmoid": sigmoid, "hard_sigmoid": hard_sigmoid}


def tensor_shapes(case):
    shapes = {"embedding": (case["V"], case["E"])}
    width = case["E"]
    for l, H in enumerate(case["hidden"]):
        shapes["lstm.%d.input" % l] = (width, 4 * H)
        shapes["lstm.%d.recurrent" % l] = (H, 4 * H)
        shapes["lstm.%d.bias" % l] = (4 * H,)
        width = H
    shapes["dense.weight"] = (width, case["V"])
    shapes["dense.bias"] = (case["V"],)
    return shapes


def forward(case, tensors, state, inputs, masks):
    """Logits [T*N, V] and the final (h, c), each a list per layer of [N, H].

    masks is a list per layer of [T, N, H], or None for no dropout.
    """
    T, N, V, E = case["T"], case["N"], case["V"], case["E"]
    gate = GATES[case["gate"]]
    # Row V of the extended table is the zero vector of unknown inputs.
    table = np.concatenate([tensors["embedding"], onp.zeros((1, E))], axis=0)
    tokens = onp.where(inputs == UNKNOWN, V, inputs).reshape(T, N)
    sequence = [table[tokens[t]] for t in range(T)]
    final_h, final_c = [], []
    for l, H in enumerate(case["hidden"]):
        weight = tensors["lstm.%d.input" % l]
        recurrent = tensors["lstm.%d.recurrent" % l]
        bias = tensors["lstm.%d.bias" % l]
        h, c = state[0][l], state[1][l]
        outputs = []
        for t in range(T):
            z = np.dot(sequence[t], weight) + np.dot(h, recurrent) + bias
            i = gate(z[:, 0 * H:1 * H])
            f = gate(z[:, 1 * H:2 * H])
            g = np.tanh(z[:, 2 * H:3 * H])
            o = gate(z[:, 3 * H:4 * H])
            c = f * c + i * g
            h = o * np.tanh(c)
            outputs.append(h if masks is None else h * masks[l][t])
        sequence = outputs
        final_h.append(h)
        final_c.append(c)
    out = np.concatenate(sequence, axis=0)
    logits = np.dot(out, tensors["dense.weight"]) + tensors["dense.bias"]
    return logits, (final_h, final_c)


def cross_entropy(logits, targets):
    """-ln p(target) for every row, in nats."""
    top = onp.max(getattr(logits, "_value", logits), axis=1, keepdims=True)
    shifted = logits - top
    log_sum = np.log(np.sum(np.exp(shifted), axis=1))
    return log_sum - shifted[onp.arange(len(targets)), targets]


def mean_loss(tensors, case, state, window, masks):
    logits, _ = forward(case, tensors, state, window["inputs"], masks)
    return np.mean(cross_entropy(logits, window["targets"]))


loss_and_gradients = value_and_grad(mean_loss)


def global_norm(gradients):
    return float(onp.sqrt(sum(onp.sum(g * g) for g in gradients.values())))


def is_matrix(name):
    return not name.endswith("bias")


def train(case, tensors, state, windows, clip=None, decay=0.0):
    """Losses, gradient norms (before clipping) and the tensors at the end."""
    tensors = {k: w.copy() for k, w in tensors.items()}
    m = {k: onp.zeros_like(w) for k, w in tensors.items()}
    v = {k: onp.zeros_like(w) for k, w in tensors.items()}
    losses, norms = [], []
    for update, window in enumerate(windows):
        masks = update_masks(case, update)
        loss, gradients = loss_and_gradients(tensors, case, state, window,
                                             masks)
        _, state = forward(case, tensors, state, window["inputs"], masks)
        norm = global_norm(gradients)
        losses.append(float(loss))
        norms.append(norm)
        scale = 1.0 if clip is None else min(1.0, clip / norm)
        t = update + 1
        rate = (LEARNING_RATE * onp.sqrt(1.0 - BETA2 ** t)
                / (1.0 - BETA1 ** t))
        for k, w in tensors.items():
            g = gradients[k] * scale
            m[k] = BETA1 * m[k] + (1.0 - BETA1) * g
            v[k] = BETA2 * v[k] + (1.0 - BETA2) * g * g
            step = rate * m[k] / (onp.sqrt(v[k]) + EPSILON)
            if is_matrix(k):
                step = step + LEARNING_RATE * decay * w
            tensors[k] = w - step
    return losses, norms, tensors


def check_gradients(case, tensors, state, window, masks, gradients):
    """Central differences for every single parameter."""
    delta = 1e-5
    worst = 0.0
    for k, w in tensors.items():
        for index in onp.ndindex(w.shape):
            sides = []
            for sign in (1.0, -1.0):
                moved = dict(tensors)
                moved[k] = w.copy()
                moved[k][index] += sign * delta
                sides.append(mean_loss(moved, case, state, window, masks))
            difference = (sides[0] - sides[1]) / (2.0 * delta)
            worst = max(worst, abs(difference - gradients[k][index]))
    assert worst < 1e-9, (case["name"], worst)
    return worst


# ---- output -----------------------------------------------------------------

class Raw(float):
    """A float with its own spelling in the JSON."""

    def __new__(cls, text):
        self = super().__new__(cls, text)
        self.text = text
        return self

    def __repr__(self):
        return self.text


def to_json(value):
    if isinstance(value, dict):
        return "{%s}" % ",".join("%s:%s" % (json.dumps(k), to_json(x))
                                 for k, x in value.items())
    if isinstance(value, (list, tuple)):
        return "[%s]" % ",".join(to_json(x) for x in value)
    return value.text if isinstance(value, Raw) else json.dumps(value)


def rounded(x, digits=10):
    x = float(x)
    assert onp.isfinite(x)
    text = "%.*g" % (digits, x)
    return Raw("0" if float(text) == 0.0 else text)


def single(x):
    """The shortest decimal which reads back as the float32 x."""
    x = onp.float32(x)
    for digits in range(1, 10):
        text = "%.*g" % (digits, float(x))
        if onp.float32(float(text)) == x:
            return Raw("0" if float(text) == 0.0 else text)
    raise AssertionError("9 digits always suffice")


def flat(array, digits=10):
    return [rounded(x, digits) for x in onp.ravel(array)]


def flat_single(array):
    assert onp.array_equal(array, array.astype(onp.float32))
    return [single(x) for x in onp.ravel(array)]


def integers(array):
    return [int(x) for x in onp.ravel(array)]


def draw(rng, bound, shape):
    """Uniform in +-bound; float64 holding values exact in float32."""
    return rng.uniform(-bound, bound, shape).astype(onp.float32).astype(
        onp.float64)


def make(case):
    rng = onp.random.default_rng(case["data_seed"])
    T, N, V = case["T"], case["N"], case["V"]
    digits = case.get("digits", 10)
    tensors = {k: draw(rng, 0.4, s) for k, s in tensor_shapes(case).items()}
    state = ([draw(rng, 0.5, (N, H)) for H in case["hidden"]],
             [draw(rng, 0.5, (N, H)) for H in case["hidden"]])
    windows = [dict(inputs=rng.integers(0, V, T * N),
                    targets=rng.integers(0, V, T * N))
               for _ in range(UPDATES)]
    first = windows[0]

    masks = update_masks(case, 0)
    loss, gradients = loss_and_gradients(tensors, case, state, first, masks)
    logits, final = forward(case, tensors, state, first["inputs"], masks)
    if case["name"] in ("odd", "stack", "hard"):
        check_gradients(case, tensors, state, first, masks, gradients)
    # "correct" must not hang on rounding.
    ordered = onp.sort(logits, axis=1)
    assert onp.min(ordered[:, -1] - ordered[:, -2]) > 1e-5, case["name"]
    correct = int(onp.sum(onp.argmax(logits, axis=1) == first["targets"]))

    losses, norms, final_tensors = train(case, tensors, state, windows)
    clipped_losses, _, _ = train(case, tensors, state, windows,
                                 clip=CLIP_NORM)
    adamw_losses, _, _ = train(case, tensors, state, windows,
                               decay=WEIGHT_DECAY)
    assert losses[0] == clipped_losses[0] == adamw_losses[0] == float(loss)
    assert max(norms) > CLIP_NORM

    def nats(inputs):
        plain, _ = forward(case, tensors, state, inputs, None)
        return flat(cross_entropy(plain, first["targets"]))

    result = {
        "config": {"vocabulary": V, "embedding": case["E"],
                   "hidden": case["hidden"], "dropout": case["dropout"],
                   "gate_activation": case["gate"]},
        "steps": T,
        "batch": N,
        "seed": str(case["seed"]),
        "tensors": {k: flat_single(w) for k, w in tensors.items()},
        "state": {"h": [flat_single(x) for x in state[0]],
                  "c": [flat_single(x) for x in state[1]]},
        "windows": [{k: integers(x) for k, x in w.items()} for w in windows],
        "update0": {
            "loss": rounded(loss),
            "correct": correct,
            "logits": flat(logits, digits),
            "h": [flat(x, digits) for x in final[0]],
            "c": [flat(x, digits) for x in final[1]],
            "gradients": {k: flat(g, digits) for k, g in gradients.items()},
        },
        "losses": flat(losses),
        "norms": flat(norms),
        "final_tensors": {k: flat(w, digits)
                          for k, w in final_tensors.items()},
        "clipped_losses": flat(clipped_losses),
        "adamw_losses": flat(adamw_losses),
        "evaluation": {"nats": nats(first["inputs"])},
    }
    if "unknown" in case:
        inputs = first["inputs"].copy()
        inputs[case["unknown"]] = UNKNOWN
        result["unknown"] = {"inputs": integers(inputs), "nats": nats(inputs)}
    return result


def main():
    folder = (sys.argv[1] if len(sys.argv) > 1
              else os.path.dirname(os.path.abspath(__file__)))
    check_philox()
    for case in CASES:
        text = to_json(make(case)) + "\n"
        json.loads(text)
        path = os.path.join(folder, case["name"] + ".json")
        with open(path, "w", encoding="ascii", newline="\n") as file:
            file.write(text)
        print("%s.json: %d bytes" % (case["name"], len(text)))
        assert len(text) <= MAX_BYTES, case["name"]


if __name__ == "__main__":
    main()
