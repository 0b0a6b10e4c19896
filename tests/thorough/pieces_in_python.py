"""Composes with the Python package what the lines of its input ask for, requests in JSON; a line of output for
each, an array of pieces. How long that took is told at the end, on standard error."""

import json
import keyword
import sys
import time

import lilt

model = lilt.Model(sys.argv[1])
begun = time.perf_counter()
for line in sys.stdin:
    request = {f"{name}_" if keyword.iskeyword(name) else name: value for name, value in json.loads(line).items()}
    tunes = model.compose(threads=1, **request)
    print(json.dumps([{"abc": tune.abc, **tune.details} for tune in tunes]))
print(time.perf_counter() - begun, file=sys.stderr)
