"""Checks a model of python_test.sh: tensors, metadata and checksum, as docs/model-file.md has them.

Usage: read_model.py MODEL TEXT

NAME-half.safetensors is compared with NAME.safetensors.
"""

import json
import sys

import numpy
import safetensors
import safetensors.numpy

EMBEDDING, HIDDEN, BATCH = 5, [12, 7], 3


def expect(what, expected, found):
    if expected != found:
        sys.exit(f"{path}: {what}: expected {expected}, found {found}")


def weight_shapes(vocabulary):
    shapes = {"embedding": (vocabulary, EMBEDDING)}
    width = EMBEDDING
    for layer, hidden in enumerate(HIDDEN):
        shapes[f"lstm.{layer}.input"] = (width, 4 * hidden)
        shapes[f"lstm.{layer}.recurrent"] = (hidden, 4 * hidden)
        shapes[f"lstm.{layer}.bias"] = (4 * hidden,)
        width = hidden
    shapes["dense.weight"] = (width, vocabulary)
    shapes["dense.bias"] = (vocabulary,)
    return shapes


def checksum(body):
    words = numpy.frombuffer(body + b"\0" * (-len(body) % 8), "<u8")
    odd = numpy.arange(len(words), dtype="<u8") * 2 + 1
    return (int(((words ^ (words >> 32)) * odd).sum()) + len(body)) % 2**64


path, text_path = sys.argv[1:]
with safetensors.safe_open(path, "numpy") as file:
    metadata = file.metadata()
tensors = safetensors.numpy.load_file(path)
text = open(text_path, encoding="utf-8").read()
is_checkpoint = "training" in metadata
is_half = "-half" in path

# Metadata.
keys = ["config", "format", "provenance"] + ["training"] * is_checkpoint + ["vocabulary"]
expect("keys of the metadata", keys, sorted(metadata))
expect("checkpoint", "best" not in path and not is_half, is_checkpoint)
expect("format", "lilt-1", metadata["format"])
expect(
    "config",
    {"embedding": EMBEDDING, "hidden": HIDDEN, "dropout": 0.25, "gate_activation": "hard_sigmoid"},
    json.loads(metadata["config"]),
)
vocabulary = json.loads(metadata["vocabulary"])
expect("vocabulary", "".join(sorted(set(text))), vocabulary)
provenance = json.loads(metadata["provenance"])
options = provenance["options"]
expect("options.files", [text_path], options["files"])
expect("options.valid-share", 0.2, options["valid-share"])
expect("options.hidden", HIDDEN, options["hidden"])
expect("best epoch is known", True, 1 <= provenance["best"]["epoch"] <= provenance["epoch"] <= 2)
expect("updates", True, provenance["updates"] > 0)
if is_checkpoint:
    expect("training.options", options, json.loads(metadata["training"])["options"])

# Tensors.
shapes = weight_shapes(len(vocabulary))
parameters = sum(int(numpy.prod(shape)) for shape in shapes.values())
types = {name: "float16" if is_half else "float32" for name in shapes}
if is_checkpoint:
    for name in ("adam.mean", "adam.variance"):
        shapes[name], types[name] = (parameters,), "float32"
    for layer, hidden in enumerate(HIDDEN):
        for state in ("hidden", "cell"):
            name = f"state.{layer}.{state}"
            shapes[name], types[name] = (BATCH, hidden), "float32"
    shapes["progress"], types["progress"] = (2,), "float64"
shapes["checksum"], types["checksum"] = (1,), "uint64"
expect("shapes", shapes, {name: tensor.shape for name, tensor in tensors.items()})
expect("types", types, {name: str(tensor.dtype) for name, tensor in tensors.items()})
for name, tensor in tensors.items():
    expect(f"{name} is finite", True, bool(numpy.isfinite(tensor).all()))
    if name != "checksum" and not name.startswith("progress"):
        expect(f"{name} holds something", True, bool(tensor.any()))

# Halves are the nearest to the weights that they come from.
if is_half:
    floats = safetensors.numpy.load_file(path.replace("-half", ""))
    for name in weight_shapes(len(vocabulary)):
        nearest = floats[name].astype("float16")
        expect(f"{name} in halves", nearest.tobytes(), tensors[name].tobytes())

# The checksum.
data = open(path, "rb").read()
expect("checksum", checksum(data[:-8]), int(tensors["checksum"][0]))
expect("last 8 bytes", data[-8:], tensors["checksum"].astype("<u8").tobytes())
changed = bytes([data[0] ^ 1]) + data[1:-8]
expect("a changed byte is seen", False, checksum(changed) == checksum(data[:-8]))
