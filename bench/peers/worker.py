"""One peer, in a process of its own, which does a task whenever it is told and waits meanwhile.

    worker.py MODULE THREADS          a task a line on standard input, an answer a line on standard output
    worker.py MODULE THREADS save     writes a network that has learnt nothing
    worker.py MODULE THREADS first    reads it, draws as many characters as a tune has, and ends
    worker.py MODULE THREADS train    some updates of batch 16, and ends
"""

import json
import os
import statistics
import sys
import time


def answers_only():
    """Standard output, for answers; what libraries print goes to standard error."""
    own = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return own


def measure(work, seconds):
    """Median seconds of a unit of work."""
    slices, until = [], time.perf_counter() + seconds
    while not slices or time.perf_counter() < until:
        start = time.perf_counter()
        units = work()
        slices.append((time.perf_counter() - start) / units)
    return statistics.median(slices)


def serve(module, out):
    ready = {}
    for line in sys.stdin:
        task = json.loads(line)
        seconds, key = task.pop("seconds"), json.dumps(task)
        if key not in ready:
            ready[key] = module.prepare(task)
            measure(ready[key], 1)  # to warm up
        print(json.dumps(measure(ready[key], seconds) if seconds else 0), file=out, flush=True)


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    out = answers_only()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    module = __import__(name)
    module.begin(threads)
    what = sys.argv[3] if len(sys.argv) > 3 else "serve"
    if what == "serve":
        serve(module, out)
    elif what == "train":
        work = module.prepare({"kind": "train", "variant": "", "batch": 16})
        updates = 0
        while updates < 16:
            updates += work()
    else:
        {"save": module.save, "first": module.first_tune}[what]()


main()
