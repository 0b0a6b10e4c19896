"""Compares what onnxruntime makes of an exported model with what Lilt makes of it.

Usage: compare.py NETWORK_STEPS MODEL STEP.onnx WINDOW.onnx

Fails where a logit differs by more than 0.0001. With the package onnx its checker looks at the files.
"""

import json
import subprocess
import sys

import numpy
import onnxruntime

TEXTS, STEPS, MOST_DIFFERENCE = 3, 40, 1e-4


def texts_of(session):
    return session.get_modelmeta().custom_metadata_map


def states_of(session):
    """States of zeros by name, for each text."""
    return {
        i.name: numpy.zeros((TEXTS, i.shape[1]), "float32")
        for i in session.get_inputs()
        if i.name.startswith("state.")
    }


def lilt_logits(program, model, tokens, features):
    """[STEPS, TEXTS, V]"""
    logits = []
    for n in range(TEXTS):
        steps = [[tokens[t, n]] + [f[t, n] for f in features] for t in range(STEPS)]
        lines = "\n".join(" ".join(str(v) for v in step) for step in steps)
        said = subprocess.run([program, model], input=lines, capture_output=True, text=True, check=True)
        logits.append([[float(x) for x in line.split()] for line in said.stdout.splitlines()])
    return numpy.array(logits).transpose(1, 0, 2)


def step_by_step(session, inputs):
    names = [o.name for o in session.get_outputs()]
    states, logits = states_of(session), []
    for t in range(STEPS):
        said = dict(zip(names, session.run(None, {k: v[t] for k, v in inputs.items()} | states)))
        logits.append(said["logits"])
        states = {name: said["next." + name] for name in states}
    return numpy.array(logits), states


def in_windows(session, inputs):
    """Two windows, one after the other."""
    names = [o.name for o in session.get_outputs()]
    states, logits = states_of(session), []
    for window in (slice(0, 15), slice(15, STEPS)):
        said = dict(zip(names, session.run(None, {k: v[window] for k, v in inputs.items()} | states)))
        logits.append(said["logits"])
        states = {name: said["next." + name] for name in states}
    return numpy.concatenate(logits), states


program, model, step_file, window_file = sys.argv[1:]
try:
    import onnx

    for file in (step_file, window_file):
        onnx.checker.check_model(file, full_check=True)
except ImportError:
    pass
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
step, window = (onnxruntime.InferenceSession(f, options) for f in (step_file, window_file))
vocabulary = json.loads(texts_of(step)["vocabulary"])
kinds = json.loads(texts_of(step)["features"])

random = numpy.random.RandomState(1)
tokens = random.randint(0, len(vocabulary), (STEPS, TEXTS))
features = [random.randint(0, kind["values"], (STEPS, TEXTS)) for kind in kinds]
inputs = {"tokens": tokens} | {"feature." + k["name"]: f for k, f in zip(kinds, features)}
expected = lilt_logits(program, model, tokens, features)
(found, states), (found_in_windows, last_states) = step_by_step(step, inputs), in_windows(window, inputs)
worst = max(abs(found - expected).max(), abs(found_in_windows - expected).max())
for name, state in states.items():
    worst = max(worst, abs(state - last_states[name]).max())
print(f"{model}: {len(kinds)} features, logits within {abs(expected).max():.1f}, differ by {worst:.1e}")
assert found.shape == found_in_windows.shape == (STEPS, TEXTS, len(vocabulary))
# A character that the model does not know.
unknown = {k: v[0] for k, v in inputs.items()} | {"tokens": numpy.full(TEXTS, len(vocabulary))}
assert numpy.isfinite(step.run(["logits"], unknown | states_of(step))[0]).all()
if not worst < MOST_DIFFERENCE:
    sys.exit(f"expected logits that differ by less than {MOST_DIFFERENCE}, found {worst}")
