#!/usr/bin/env python3
"""Carries networks between Lilt and Keras, both ways, and to onnxruntime, and compares what they say.

    python3 tests/thorough/exchange.py [--versions 2.12.0 3.15.1 …] [--networks N] [--light] [--keep]

For each version of Keras, from PyPI into a virtual environment of its own, small networks of all shapes
learn in it; every file that it writes is imported, exported in every format that it knows, and loaded
again; probabilities may differ by 0.00001. Beside the newest, tf_keras (Keras 2 of today) does the same, and networks that
Lilt learns go to ONNX, whose checker looks at them; logits may differ by 0.0001. Prints a table for
each version; exit code 1 if anything failed. Some 10 minutes, most of it downloads of 200 MB for each TensorFlow; environments are
deleted after use unless --keep says otherwise. --light does the same for each Keras 3 without TensorFlow: NumPy computes, and
weights are drawn, not learnt, as the files are what differs; a minute for all. Needs Python 3.11, the only one that all of them know.
"""

import argparse
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEWEST = "newest"
# Which TensorFlow a version of Keras goes with, and, where several go with one, all of them.
ENVIRONMENTS = {
    "tensorflow-2.12": (["2.12.0"], ["tensorflow-cpu==2.12.1"]),
    "tensorflow-2.13": (["2.13.1"], ["tensorflow-cpu==2.13.1"]),
    "tensorflow-2.14": (["2.14.0"], ["tensorflow-cpu==2.14.1"]),
    "tensorflow-2.15": (["2.15.0"], ["tensorflow-cpu==2.15.1"]),
    "tensorflow-2.16": (
        ["3.0.5", "3.1.1", "3.2.1", "3.3.3", "3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.8.0", "3.9.2"],
        ["tensorflow-cpu==2.16.2", "optree"],
    ),
    "tensorflow": (
        ["3.10.0", "3.11.3", "3.12.4", "3.13.2", "3.14.1", NEWEST],
        ["tensorflow-cpu", "keras", "tf_keras", "h5py", "onnx", "onnxruntime"],
    ),
}
LIGHT = {"numpy": ([v for v in sum((vs for vs, _ in ENVIRONMENTS.values()), []) if v[0] == "3"], ["keras", "h5py", "jax==0.4.35", "jaxlib==0.4.35"])}
VERSIONS = [version for versions, _ in ENVIRONMENTS.values() for version in versions]
# What a version of Keras does not load: in archives of their own, 2.12 to 2.14 have the layers under other names than all later ones.
UNREADABLE = {version: ["out.keras", "out.weights.h5"] for version in ("2.12.0", "2.13.1", "2.14.0")}
MOST_DIFFERENCE = 1e-5
TUNE = (ROOT / "data/lilt.abc").read_text(encoding="utf-8")[:3000] + "♯é\n"
ORDER = sorted(set(TUNE))

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--lilt", default=str(ROOT / "build/release/lilt"))
parser.add_argument("--steps", default=str(ROOT / "build/release/tests/network_steps"))
parser.add_argument("--venvs", default=str(ROOT / "build/keras"), help="folder of the environments")
parser.add_argument("--versions", nargs="+", default=VERSIONS, choices=VERSIONS, metavar="VERSION")
parser.add_argument("--networks", type=int, default=12)
parser.add_argument("--light", action="store_true", help="without TensorFlow: Keras 3 alone, with NumPy")
parser.add_argument("--keep", action="store_true", help="keep the environments")
parser.add_argument("--inside", metavar="VERSION", help="used by the program itself: the Keras of this Python")
options = parser.parse_args()
options.lilt, options.steps = (str(pathlib.Path(p).resolve()) for p in (options.lilt, options.steps))


environments = LIGHT if options.light else ENVIRONMENTS


def in_environment(name, versions):
    """Runs this program with each of these versions; whether one failed."""
    versions_here, packages = environments[name]
    venv = pathlib.Path(options.venvs) / name
    python = venv / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    failed = False
    for version in versions:
        if len(versions_here) > 1:
            which = ["--upgrade", "keras"] if version == NEWEST else [f"keras=={version}"]
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", *which], check=True)
        handed_on = ["--light"] * options.light
        handed_on += [f"--lilt={options.lilt}", f"--steps={options.steps}", f"--networks={options.networks}"]
        failed |= subprocess.run([python, __file__, "--inside", version, *handed_on]).returncode != 0
    if not options.keep:
        shutil.rmtree(venv)
    return failed


if not options.inside:
    found = [
        in_environment(name, chosen)
        for name, (versions, _) in environments.items()
        if (chosen := [version for version in versions if version in options.versions])
    ]
    sys.exit(any(found))

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
logging.getLogger("absl").setLevel(logging.ERROR)
if options.light:
    os.environ["KERAS_BACKEND"] = "numpy"
import keras
import numpy

KERAS = {keras.__version__.split(".")[0]: keras}
if options.inside == NEWEST:
    import tf_keras

    KERAS["2"] = tf_keras
TOKENS = [ORDER.index(c) for c in TUNE[1000:1200]]
failures = 0
worst = {}


def note(what, difference, most=MOST_DIFFERENCE):
    """One comparison; what is not a number has failed."""
    global failures
    worst[what] = max(worst.get(what, 0.0), difference)
    if not difference < most:
        failures += 1
        print(f"{what}: expected less than {most}, found {difference}")


def lilt(*arguments):
    done = subprocess.run([options.lilt, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"lilt {' '.join(map(str, arguments))}: {done.stderr}")


def probabilities_of_lilt(model):
    lines = "\n".join(map(str, TOKENS))
    said = subprocess.run([options.steps, model], input=lines, capture_output=True, text=True, check=True)
    logits = numpy.array([[float(x) for x in line.split()] for line in said.stdout.splitlines()])
    shares = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def build(keras, shape, batch=None, steps=None):
    layers, model = keras.layers, keras.Sequential()
    stateful = {"stateful": batch is not None}
    if keras.__version__.startswith("3"):
        model.add(keras.Input(batch_shape=(batch, steps)))
        first = {}
    else:
        first = {"batch_input_shape": (batch, steps)}
    model.add(layers.Embedding(len(ORDER), shape["embedding"], **first))
    for width in shape["hidden"]:
        model.add(
            layers.LSTM(width, return_sequences=True, recurrent_activation=shape["gates"], **stateful)
        )
        model.add(layers.Dropout(0.2))
    model.add(layers.TimeDistributed(layers.Dense(len(ORDER))))
    model.add(layers.Activation("softmax"))
    return model


def learn(keras, shape, seed):
    keras.utils.set_random_seed(seed)
    model = build(keras, shape, batch=4, steps=32)
    if options.light:
        draw = numpy.random.RandomState(seed)
        model.set_weights([draw.normal(scale=0.3, size=w.shape).astype("float32") for w in model.get_weights()])
        return model
    model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(0.01))
    tokens = numpy.array([ORDER.index(c) for c in TUNE])
    length = (len(tokens) - 1) // 128 * 128
    x, y = tokens[:length].reshape(-1, 32), tokens[1 : length + 1].reshape(-1, 32)
    model.fit(x, y, batch_size=4, shuffle=False, epochs=3, verbose=0)
    return model


def predict(model):
    return model.predict(numpy.array([TOKENS]), verbose=0)[0]


def of_one_text(keras, shape, weights):
    """The same weights in a network that takes one text of any length."""
    model = build(keras, shape)
    model.set_weights(weights)
    return predict(model)


def load(keras, shape, path):
    if path.name != "out.weights.h5":
        return keras.models.load_model(str(path), compile=False)
    loaded = build(keras, shape)
    loaded.load_weights(str(path))
    return loaded


def carry(version, seed, folder):
    keras, random = KERAS[version], numpy.random.RandomState(seed)
    shape = {
        "embedding": int(random.randint(1, 40)),
        "hidden": [int(random.randint(1, 50)) for _ in range(random.randint(1, 5))],
        "gates": ["sigmoid", "hard_sigmoid"][seed % 2],
    }
    model = learn(keras, shape, seed)
    expected = of_one_text(keras, shape, model.get_weights())
    gates = shape["gates"] + ("_3" if shape["gates"] == "hard_sigmoid" and version == "3" else "")
    for name in ("n.keras", "n.h5", "n.weights.h5", "legacy.h5"):
        path, imported = folder / name, folder / "imported.safetensors"
        alone = ["--gate-activation", gates] if name in ("n.weights.h5", "legacy.h5") else []
        if name == "legacy.h5" and version == "3":
            continue  # Keras 3 writes weights alone in its own way only
        model.save_weights(str(path)) if alone else model.save(str(path))
        lilt("import", path, "--vocabulary", folder / "text", *alone, "-o", imported)
        difference = abs(probabilities_of_lilt(imported) - expected).max()
        note(f"Keras {version} {name} → Lilt, {shape['gates']}", difference)
    for name in ("out.keras", "out.h5", "out.weights.h5"):
        path = folder / name
        lilt("export", imported, "--keras", "-o", path)
        for reader, other in KERAS.items():
            wanted = {"out.h5": "2"}.get(name, "3")  # whose hard sigmoid it has
            if shape["gates"] == "hard_sigmoid" and reader != wanted:
                continue
            if name in UNREADABLE.get(options.inside, []):
                continue
            loaded = load(other, shape, path)
            difference = abs(predict(loaded) - expected).max()
            note(f"Lilt {name} → Keras {reader}, {shape['gates']}", difference)


def to_onnx(folder):
    small = ["--embedding", "8", "--hidden", "16,16", "--epochs", "1", "--threads", "1", "--out", folder / "run"]
    rich = ["--canonical", "--features", "all"]
    kinds = {
        "classic": [],
        "hard sigmoid": ["--gate-activation", "hard_sigmoid"],
        "features": rich,
        "residual": ["--residual"],
        "coupled gates": ["--coupled-gates"],
        "layer normalisation": ["--layer-normalisation"],
        "all": rich + ["--residual", "--coupled-gates", "--layer-normalisation"],
    }
    models = {"the model that comes with Lilt": ROOT / "models/folk.safetensors"}
    for kind, own in kinds.items():
        lilt("train", ROOT / "data/lilt.abc", *small, *own, "--seed", "1")
        models[kind] = folder / (kind.replace(" ", "-") + ".safetensors")
        newest = max((folder / "run/model").glob("*.safetensors"), key=os.path.getmtime)
        lilt("export", newest, "-o", models[kind])
        subprocess.run(["rm", "-rf", folder / "run"], check=True)
    for kind, model in models.items():
        lilt("export", model, "--onnx", "-o", folder / "step.onnx")
        lilt("export", model, "--onnx", "--window", "-o", folder / "window.onnx")
        compare = [sys.executable, ROOT / "tests/onnx/compare.py", options.steps, model]
        done = subprocess.run(
            [*compare, folder / "step.onnx", folder / "window.onnx"], capture_output=True, text=True
        )
        print(done.stdout.strip() or done.stderr.strip())
        said = done.stdout.rpartition("differ by ")[2] if done.returncode == 0 else "nan"
        note(f"ONNX, {kind}", float(said), 1e-4)


print("Keras", *(module.__version__ for module in KERAS.values()), flush=True)
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "text").write_text(TUNE, encoding="utf-8")
    for seed in range(options.networks):
        for version in KERAS:
            carry(version, seed, folder)
    if options.inside == NEWEST:
        to_onnx(folder)
for what, difference in sorted(worst.items()):
    print(f"{what:60} {difference:.1e}")
print("failures:", failures)
sys.exit(failures != 0)
