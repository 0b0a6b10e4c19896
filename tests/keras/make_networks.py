"""Makes the small networks of this folder with Keras, and what they predict.

Usage: make_networks.py FOLDER, with keras, tf_keras, tensorflow-cpu and h5py from PyPI

Each learns a few characters for a moment, so that no two weights are alike. Keras 1 cannot be
installed any more: its files are written as its save_weights() did, with the weights of a network of
Keras 2, whose sums are the same. expected.json has for each file the characters in the order of their
numbers, a text, and the probabilities after each of its characters.
"""

import json
import os
import pathlib
import sys
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import keras as keras3
import numpy
import tf_keras as keras2

TUNE = "A2B c>d|e'f g♯| Bc dA|g2e d2c|\n" * 6
SORTED = sorted(set(TUNE))
TEXT = "AB c>d|g♯'f\nA2 e|"
SHUFFLED = [SORTED[i] for i in numpy.random.RandomState(1).permutation(len(SORTED))]

folder = pathlib.Path(sys.argv[1])
expected = {}


def network(keras, batch, gates, hidden=(6, 5), embedding=4, head="time_distributed", steps=None):
    layers = keras.layers
    model = keras.Sequential()
    if keras is keras3:
        model.add(keras.Input(batch_shape=(batch, steps)))
        first = {}
    else:
        first = {"batch_input_shape": (batch, steps)}
    model.add(layers.Embedding(len(SORTED), embedding, **first))
    for width in hidden:
        model.add(
            layers.LSTM(width, return_sequences=True, stateful=True, recurrent_activation=gates)
        )
        model.add(layers.Dropout(0.25))
    if head == "time_distributed":
        model.add(layers.TimeDistributed(layers.Dense(len(SORTED))))
        model.add(layers.Activation("softmax"))
    else:
        model.add(layers.Dense(len(SORTED), activation="softmax"))
    return model


def learnt(keras, order, gates, **shape):
    """A network that has learnt, without what only learning needs."""
    keras.utils.set_random_seed(len(gates))
    tokens = numpy.array([order.index(c) for c in TUNE])
    model = network(keras, 1, gates, steps=16, **shape)
    model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(0.02))
    length = (len(tokens) - 1) // 16 * 16
    x, y = tokens[:length].reshape(-1, 16), tokens[1 : length + 1].reshape(-1, 16)
    model.fit(x, y, batch_size=1, shuffle=False, epochs=2, verbose=0)
    clean = network(keras, 1, gates, **shape)
    clean.set_weights(model.get_weights())
    return clean


def predict(name, model, order):
    tokens = numpy.array([[order.index(c) for c in TEXT]])
    for layer in model.layers:
        if hasattr(layer, "reset_states"):
            layer.reset_states()
        elif hasattr(layer, "reset_state"):
            layer.reset_state()
    probabilities = model.predict(tokens, batch_size=1, verbose=0)[0]
    expected[name] = {
        "characters": "".join(order),
        "text": TEXT,
        "probabilities": [[round(float(p), 8) for p in row] for row in probabilities],
    }


def save(name, model, order, save):
    save(str(folder / name))
    predict(name, model, order)


def keras1_weights(group, model, gpu):
    """As save_weights() of Keras 1.2 wrote them; `gpu`: with consume_less="gpu"."""
    names, kinds = [], {}
    for layer in model.layers:
        kind = layer.__class__.__name__.lower()
        kinds[kind] = kinds.get(kind, 0) + 1
        names.append((f"{kind}_{kinds[kind]}", layer))
    group.attrs["layer_names"] = [name.encode() for name, _ in names]
    group.attrs["backend"] = b"theano"
    group.attrs["keras_version"] = b"1.2.2"
    for name, layer in names:
        weights = layer.get_weights()
        labels = ["W", "b"][: len(weights)]
        if name.startswith("lstm"):
            labels = ["W", "U", "b"]
            if not gpu:
                for_gate = lambda n: [numpy.split(w, 4, axis=-1)[n] for w in weights]
                weights = [w for n in (0, 2, 1, 3) for w in for_gate(n)]
                labels = [f"{label}_{gate}" for gate in "icfo" for label in ("W", "U", "b")]
        part = group.create_group(name)
        labels = [f"{name}_{label}".encode() for label in labels]
        part.attrs["weight_names"] = labels
        for label, array in zip(labels, weights):
            part.create_dataset(label.decode(), array.shape, array.dtype)[...] = array


def keras1_config(model):
    """As model.to_json() of Keras 1.2 described a network, but for what does not matter."""
    config = []
    for layer in model.layers:
        kind = layer.__class__.__name__
        own = {"name": kind.lower() + "_1", "trainable": True}
        if kind == "Embedding":
            own |= {"input_dim": layer.input_dim, "output_dim": layer.output_dim}
            own |= {"mask_zero": False, "dropout": 0.0, "batch_input_shape": [1, None]}
        elif kind == "LSTM":
            own |= {"output_dim": layer.units, "activation": "tanh", "go_backwards": False}
            own |= {"inner_activation": layer.get_config()["recurrent_activation"]}
            own |= {"consume_less": "cpu", "dropout_W": 0.0, "dropout_U": 0.0, "stateful": True}
        elif kind == "Dropout":
            own |= {"p": layer.rate}
        elif kind == "TimeDistributed":
            dense = {"output_dim": len(SORTED), "activation": "linear", "bias": True}
            own |= {"layer": {"class_name": "Dense", "config": dense | {"name": "dense_1"}}}
        elif kind == "Activation":
            own |= {"activation": "softmax"}
        config.append({"class_name": kind, "config": own})
    return json.dumps({"class_name": "Sequential", "config": config}).encode()


def deflated(name, copy):
    with zipfile.ZipFile(folder / name) as archive:
        with zipfile.ZipFile(folder / copy, "w", zipfile.ZIP_DEFLATED) as packed:
            for entry in archive.namelist():
                packed.writestr(entry, archive.read(entry))
    expected[copy] = expected[name]


def latest(name, copy):
    """The same objects in the newest version of the format, with compact groups."""
    with h5py.File(folder / name) as file, h5py.File(folder / copy, "w", libver="latest") as new:
        for key, value in file.attrs.items():
            new.attrs[key] = value
        for key in file:
            file.copy(key, new)
    expected[copy] = expected[name]


model = learnt(keras3, SORTED, "sigmoid")
save("keras3.keras", model, SORTED, model.save)
save("keras3.weights.h5", model, SORTED, model.save_weights)
deflated("keras3.keras", "keras3-deflated.keras")
model = learnt(keras3, SHUFFLED, "hard_sigmoid", head="dense")
save("keras3-hard.h5", model, SHUFFLED, model.save)

model = learnt(keras2, SORTED, "hard_sigmoid")
save("keras2-hard.h5", model, SORTED, model.save)
save("keras2-hard-weights.h5", model, SORTED, model.save_weights)
latest("keras2-hard-weights.h5", "keras2-hard-latest.h5")
for name, gpu in (("keras1-weights.h5", False), ("keras1-gpu-weights.h5", True)):
    with h5py.File(folder / name, "w") as file:
        keras1_weights(file, model, gpu)
    predict(name, model, SORTED)
with h5py.File(folder / "keras1.h5", "w") as file:
    file.attrs["keras_version"] = b"1.2.2"
    file.attrs["model_config"] = keras1_config(model)
    keras1_weights(file.create_group("model_weights"), model, False)
predict("keras1.h5", model, SORTED)
model = learnt(keras2, SHUFFLED, "sigmoid", hidden=(5,), head="dense")
save("keras2.keras", model, SHUFFLED, model.save)
save("keras2.weights.h5", model, SHUFFLED, model.save_weights)

(folder / "tune.txt").write_text(TUNE)
(folder / "characters.json").write_text(json.dumps({c: i for i, c in enumerate(SHUFFLED)}))
(folder / "expected.json").write_text(json.dumps(expected, indent=0) + "\n")
