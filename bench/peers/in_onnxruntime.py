"""One step of the classic network in onnxruntime: its own LSTM operator, which is faster than the primitive ones that
`lilt export --onnx` writes, the draw inside the graph, all numbers kept where they are from step to step."""

import logging
import pathlib

import numpy
import onnxruntime

from network import CHARACTERS, EMBEDDING, FOLDER, HIDDEN, LAYERS, TUNE, slice_of

FILES = {
    "": pathlib.Path(FOLDER) / "float.onnx",
    "8 bits": pathlib.Path(FOLDER) / "8-bits.onnx",
    "8 bits, folded": pathlib.Path(FOLDER) / "8-bits-folded.onnx",
}
THREADS = 1


def begin(threads):
    global THREADS
    THREADS = threads


class Graph:
    """Nodes and what goes through them."""

    def __init__(self):
        self.random = numpy.random.default_rng(1)
        self.nodes, self.constants, self.inputs, self.outputs = [], [], [], []

    def constant(self, name, values):
        self.constants.append(onnx.numpy_helper.from_array(values, name))

    def weights(self, name, *shape):
        self.constant(name, (0.05 * self.random.standard_normal(shape)).astype("float32"))

    def carry(self, name, kind, shape):
        """An input, and the output that is it in the next step."""
        self.inputs.append(onnx.helper.make_tensor_value_info(name, kind, shape))
        self.outputs.append(onnx.helper.make_tensor_value_info("next." + name, kind, shape))

    def add(self, kind, reads, writes, **attributes):
        self.nodes.append(onnx.helper.make_node(kind, reads, writes, **attributes))

    def model(self):
        graph = onnx.helper.make_graph(self.nodes, "step", self.inputs, self.outputs, self.constants)
        model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
        model.ir_version = 9
        return model


def add_lstm(graph, l, below):
    """onnxruntime's own; `below` [1, N, C], as what it gives."""
    graph.weights(f"W{l}", 1, 4 * HIDDEN, EMBEDDING if l == 0 else HIDDEN)
    graph.weights(f"R{l}", 1, 4 * HIDDEN, HIDDEN)
    graph.weights(f"B{l}", 1, 8 * HIDDEN)
    for name in (f"h{l}", f"c{l}"):
        graph.carry(name, onnx.TensorProto.FLOAT, [1, "N", HIDDEN])
    reads = [below, f"W{l}", f"R{l}", f"B{l}", "", f"h{l}", f"c{l}"]
    graph.add("LSTM", reads, ["", f"next.h{l}", f"next.c{l}"], hidden_size=HIDDEN)
    return f"next.h{l}"


def add_embedded_layer(graph, folded):
    """The embedding and the first LSTM layer; folded, a row of a table is what the gates get of a character."""
    if not folded:
        graph.weights("embedding", CHARACTERS, EMBEDDING)
        graph.add("Gather", ["embedding", "tokens"], ["row"])
        graph.add("Unsqueeze", ["row", "axis0"], ["x"])
        return add_lstm(graph, 0, "x")
    for name in ("h0", "c0"):
        graph.carry(name, onnx.TensorProto.FLOAT, ["N", HIDDEN])
    graph.weights("table", CHARACTERS, 4 * HIDDEN)
    graph.weights("R0", HIDDEN, 4 * HIDDEN)
    graph.constant("two", numpy.array([3 * HIDDEN, HIDDEN], "int64"))
    graph.constant("three", numpy.array([HIDDEN] * 3, "int64"))
    graph.add("Gather", ["table", "tokens"], ["own"])
    graph.add("MatMul", ["h0", "R0"], ["past"])
    graph.add("Add", ["own", "past"], ["sums"])
    graph.add("Split", ["sums", "two"], ["gates", "candidate"], axis=1)
    graph.add("Sigmoid", ["gates"], ["open"])
    graph.add("Split", ["open", "three"], ["i", "f", "o"], axis=1)
    graph.add("Tanh", ["candidate"], ["g"])
    graph.add("Mul", ["f", "c0"], ["kept"])
    graph.add("Mul", ["i", "g"], ["added"])
    graph.add("Add", ["kept", "added"], ["next.c0"])
    graph.add("Tanh", ["next.c0"], ["squashed"])
    graph.add("Mul", ["o", "squashed"], ["next.h0"])
    graph.add("Unsqueeze", ["next.h0", "axis0"], ["first"])
    return "first"


def network(folded):
    graph = Graph()
    for axis in (0, 1):
        graph.constant(f"axis{axis}", numpy.array([axis], "int64"))
    graph.carry("tokens", onnx.TensorProto.INT64, ["N"])
    below = add_embedded_layer(graph, folded)
    for l in range(1, LAYERS):
        below = add_lstm(graph, l, below)
    graph.weights("dense", HIDDEN, CHARACTERS)
    graph.weights("bias", CHARACTERS)
    graph.add("Squeeze", [below, "axis0"], ["top"])
    graph.add("MatMul", ["top", "dense"], ["product"])
    graph.add("Add", ["product", "bias"], ["logits"])
    graph.add("Multinomial", ["logits"], ["drawn"], dtype=onnx.TensorProto.INT64, sample_size=1)
    graph.add("Squeeze", ["drawn", "axis1"], ["next.tokens"])
    return graph.model()


def save():
    global onnx
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.disable(logging.CRITICAL)
    onnx.save(network(folded=False), FILES[""])
    quantize_dynamic(FILES[""], FILES["8 bits"], weight_type=QuantType.QInt8)
    folded = FILES["8 bits, folded"].with_suffix(".float.onnx")
    onnx.save(network(folded=True), folded)
    quantize_dynamic(folded, FILES["8 bits, folded"], weight_type=QuantType.QInt8)


def bindings(session, batch):
    """Two of them, by which the states go from one set of arrays to another and back."""
    def zeros(value):
        shape = [batch if size == "N" else size for size in value.shape]
        kind = "int64" if "int64" in value.type else "float32"
        return onnxruntime.OrtValue.ortvalue_from_numpy(numpy.zeros(shape, kind))

    values = {i.name: (zeros(i), zeros(i)) for i in session.get_inputs()}
    for turn in (0, 1):
        binding = session.io_binding()
        for name, value in values.items():
            binding.bind_ortvalue_input(name, value[turn])
            binding.bind_ortvalue_output("next." + name, value[1 - turn])
        yield binding


def streams(variant, batch):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    session = onnxruntime.InferenceSession(FILES[variant], options, providers=["CPUExecutionProvider"])
    turns = list(bindings(session, batch))

    def work(steps=slice_of(batch)):
        for step in range(steps):
            session.run_with_iobinding(turns[step % 2])
        return steps * batch

    return work


def prepare(task):
    return streams(task["variant"], task["batch"])


def first_tune():
    streams("8 bits", 1)(TUNE)
