"""The classic network in Keras on TensorFlow. Its settings are those that were fastest of what was tried: several updates
between two looks at Python, and, for streams, the whole loop over characters inside TensorFlow."""

import pathlib

import keras
import numpy
import tensorflow as tf
from keras import layers

from network import CHARACTERS, DROPOUT, EMBEDDING, EPSILON, FOLDER, HIDDEN, LAYERS, RATE, TUNE, WINDOW, slice_of

FILE = pathlib.Path(FOLDER) / "keras.weights.h5"


def begin(threads):
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    keras.utils.set_random_seed(1)


def learning(variant, batch):
    updates = 8 if batch <= 16 else 2  # at once
    stack = [keras.Input(batch_shape=(batch, WINDOW)), layers.Embedding(CHARACTERS, EMBEDDING)]
    for _ in range(LAYERS):
        stack += [layers.LSTM(HIDDEN, return_sequences=True, stateful=True), layers.Dropout(DROPOUT)]
    model = keras.Sequential([*stack, layers.Dense(CHARACTERS)])
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(RATE, epsilon=EPSILON),
        jit_compile=variant == "XLA",
        steps_per_execution=updates,
    )
    random = numpy.random.default_rng(1)
    tokens, targets = random.integers(0, CHARACTERS, (2, batch * updates, WINDOW), dtype="int32")
    windows = tf.data.Dataset.from_tensor_slices((tokens, targets)).batch(batch, drop_remainder=True)
    windows = windows.cache().prefetch(2).repeat()

    def work():
        model.fit(windows, steps_per_epoch=updates, verbose=0)
        return updates

    return work


def network():
    """Layers of one step."""
    embedding, dense = layers.Embedding(CHARACTERS, EMBEDDING), layers.Dense(CHARACTERS)
    cells = [layers.LSTMCell(HIDDEN) for _ in range(LAYERS)]
    model = keras.Sequential(
        [keras.Input(batch_shape=(1, 1)), embedding, layers.RNN(cells), dense]
    )
    return model, embedding, cells, dense


def streams(variant, batch, layers_of_step):
    embedding, cells, dense = layers_of_step

    def draw(logits):
        if variant == "XLA":  # which has no random.categorical
            noise = -tf.math.log(-tf.math.log(tf.random.uniform((batch, CHARACTERS))))
            return tf.argmax(logits + noise, 1, output_type=tf.int32)
        return tf.random.categorical(logits, 1, dtype=tf.int32)[:, 0]

    @tf.function(jit_compile=variant == "XLA")
    def compose(token, states, steps):
        for _ in tf.range(steps):
            x, new = embedding(token), []
            for cell, state in zip(cells, states):
                x, state = cell(x, state)
                new.append(state)
            token, states = draw(dense(x)), new
        return token, states

    token = tf.zeros((batch,), tf.int32)
    states = [[tf.zeros((batch, HIDDEN)) for _ in range(2)] for _ in range(LAYERS)]

    def work(steps=slice_of(batch)):
        nonlocal token, states
        token, states = compose(token, states, tf.constant(steps))
        token.numpy()
        return steps * batch

    return work


def prepare(task):
    if task["kind"] == "train":
        return learning(task["variant"], task["batch"])
    return streams(task["variant"], task["batch"], network()[1:])


def save():
    network()[0].save_weights(FILE)


def first_tune():
    model, *layers_of_step = network()
    model.load_weights(FILE)
    streams("", 1, layers_of_step)(TUNE)
