"""Writes what bench/peers/run has measured into docs/benchmarks.md, between two marks; the rest of the page is written by hand.

Results are {"machine": {…}, "sections": {NAME: {"date": …, "rounds": {WHO: [value a round]}, "failed": {WHO: why}}}}.
"""

import statistics

BEGIN, END = "<!-- bench/peers/run writes from here -->", "<!-- to here -->"

HEAD = """
## Beside others
The classic network (86 characters, embedding of 512, three LSTM layers of 256) in Lilt and in what one would take
instead. All do the same work on the same threads of one machine, in turn, some seconds each, several rounds (Lilt, a
peer, the next, Lilt again …). Each figure is the median of the rounds and, in brackets, the lowest and highest;
*beside Lilt* is how many times as long as Lilt a peer took in the same round. `bench/peers/run` measures this, and
`bench/peers/in_*.py` are the networks: the settings of each peer are the fastest that were found, and everything is
warm before the clock starts.
"""

# What is told of each section: title, unit, whether more is better, what differs.
TRAINING = """One update: forward, backward, dropout, Adam; windows of 64 characters drawn evenly. PyTorch runs oneDNN's LSTM with
fused Adam; Keras several updates at a call. *bf16* is arithmetic in 16 bits with weights in 32, in PyTorch by
`autocast`."""
SECTIONS = {
    "training-16-1": ("Training, batch 16, 1 thread", "ms an update", False, TRAINING),
    "training-16-2": ("Training, batch 16, 2 threads", "ms an update", False, ""),
    "training-64-1": ("Training, batch 64, 1 thread", "ms an update", False, ""),
    "training-64-2": ("Training, batch 64, 2 threads", "ms an update", False, ""),
    "one-stream": (
        "One stream, 1 thread", "µs a character", False,
        "A step of the network and the draw of a character. Lilt composes whole tunes that are correct by construction, all that\n"
        "this takes included; the others draw plainly. `lilt sample` is a step without the draw. onnxruntime runs its LSTM operator and\n"
        "draws inside the graph; *8 bits* are weights quantised by `quantize_dynamic`. *First layer folded* has the products of all\n"
        "characters with the first layer's input weights in a table, as Lilt has, which no exporter makes.",
    ),
    "many-streams": (
        "Many streams, 2 threads", "characters/s", True,
        "As above. Lilt has as many streams as it likes. The others have the batch that is told and waste nothing on tunes that\n"
        "have ended.",
    ),
    "first-tune": (
        "From the start of the program to the first tune", "ms", False,
        "`lilt compose`: the model that comes with Lilt, the best of eight drafts. The others, from Python: import, read the file of\n"
        "the classic network, draw 350 characters.",
    ),
    "memory-tune": ("… memory of that, at the most", "MB", False, ""),
    "memory-training": ("Memory of training, batch 16, 2 threads, at the most", "MB", False, "16 updates or more."),
    "size": (
        "Size of an installation", "MB", False,
        "Lilt: the program and its model. The others: what pip installs for them, without Python, and PyTorch without CUDA.",
    ),
}
LILT = "Lilt"


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values):
    middle = number(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({number(min(values))}–{number(max(values))})"


def base_of(rounds):
    """Whom the others stand beside: what Lilt does first."""
    return next((who for who in rounds if who.startswith(LILT)), None)


def ratios(values, base, more_is_better):
    """How many times as long as Lilt, round by round."""
    return [b / v if more_is_better else v / b for v, b in zip(values, base)]


def table(section, result):
    title, unit, more, text = SECTIONS[section]
    rounds = result["rounds"]
    base = rounds.get(base_of(rounds))
    lines = [f"\n### {title}", *([text] if text else []), "", f"| | {unit} | beside Lilt |", "|---|---|---|"]
    for who, values in rounds.items():
        beside = spread(ratios(values, base, more)) if base and values is not base else ""
        lines.append(f"| {who} | {spread(values)} | {beside} |")
    lines += [f"| {who} | {why} | |" for who, why in result.get("failed", {}).items()]
    return "\n".join(lines) + "\n"


def conditions(results):
    machine = results["machine"]
    dates = sorted({section["date"] for section in results["sections"].values()})
    when = dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"
    rounds = [len(values) for section in results["sections"].values() for values in section["rounds"].values()]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (f"\n{when}; {machine['cores']} cores of {machine['processor']} ({machine['features']}), {machine['system']}; "
            f"{versions}; up to {max(rounds)} rounds.\n")


def write(results):
    parts = [HEAD]
    if results["sections"]:
        parts.append(conditions(results))
    parts += [table(name, results["sections"][name]) for name in SECTIONS if name in results["sections"]]
    return "".join(parts)


def put_into(page, text):
    """The page with the text between its marks, which are put at its end where it has none."""
    if BEGIN not in page:
        page = page.rstrip("\n") + f"\n\n{BEGIN}\n{END}\n"
    before, rest = page.split(BEGIN, 1)
    if END not in rest:
        raise ValueError(f"expected {END} after {BEGIN}, found none")
    return before + BEGIN + "\n" + text.strip("\n") + "\n" + END + rest.split(END, 1)[1]
