#!/usr/bin/env python3
"""The Python package as others get it.

Clones the repository, times `pip install .` in a new virtual environment, `import lilt` and the first
tune, and then compares: 200 mixed requests with the command line, to the byte; 1,000 tunes with what
music21 and symusic read, note by note; objects of the wrong type. Some ten minutes.

    python3 tests/thorough/python.py [--lilt build/release/lilt] [--requests 200] [--tunes 1000]
"""

import argparse
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIRST_TUNE = """
import time
start = time.perf_counter()
import lilt
imported = time.perf_counter()
lilt.compose()
composed = time.perf_counter()
lilt.compose(seed=2)
print(imported - start, composed - imported, time.perf_counter() - composed)
"""


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, **options)


def middle(rows):
    return [sorted(column)[len(column) // 2] for column in zip(*rows)]


def install(folder):
    clone, python = folder / "clone", folder / "venv/bin/python"
    run("git", "clone", "-q", ROOT, clone)
    run("/usr/bin/python3", "-m", "venv", folder / "venv")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CMAKE_")}
    start = time.perf_counter()
    run(python, "-m", "pip", "install", "-q", "--no-cache-dir", clone, env=plain | {"CCACHE_DISABLE": "1"})
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"pip install: {time.perf_counter() - start:.0f} s, "
          f"{used.ru_utime + used.ru_stime:.0f} s of all cores together", flush=True)
    return python


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lilt", default=ROOT / "build/release/lilt", type=pathlib.Path)
    parser.add_argument("--requests", default="200")
    parser.add_argument("--tunes", default="1000")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        python = install(pathlib.Path(name))
        printed = [run(python, "-c", FIRST_TUNE, capture_output=True, text=True).stdout for _ in range(15)]
        times = middle([float(word) for word in line.split()] for line in printed)
        print("import, first tune, the next (medians of 15): "
              + ", ".join(f"{1000 * seconds:.0f} ms" for seconds in times), flush=True)
        run(python, "-m", "pip", "install", "-q", "-r", ROOT / "bindings/python/tests/requirements.txt")
        os.environ |= {"LILT_PROGRAM": str(args.lilt.resolve()), "LILT_TUNES": args.tunes,
                       "LILT_MODEL": str(ROOT / "models/folk.safetensors"),
                       "LILT_REQUESTS": args.requests}
        tests = ROOT / "bindings/python/tests"
        for test in ("compose", "others", "wrong_types", "hostile", "training", "notebook"):
            start = time.perf_counter()
            run(python, "-B", "-m", "unittest", "-q", f"test_{test}", cwd=tests)
            print(f"{test}: as expected ({time.perf_counter() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
