#!/usr/bin/env python3
"""Whether Lilt is as good in one key as in another.

Composes tunes as asked in 40 keys (all major and minor ones, five dorian, five mixolydian) and prints for
each how many end on the tonic, how much of the melody is inside its chords, and how many chord roots are
foreign to the key, beside the same of real tunes. Some minutes.

    python3 tests/thorough/keys.py REAL.abc [--lilt ./lilt] [--model FILE] [-n 100]
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

MAJOR = "Cb Gb Db Ab Eb Bb F C G D A E B F# C#".split()
MINOR = "Abm Ebm Bbm Fm Cm Gm Dm Am Em Bm F#m C#m G#m D#m A#m".split()
DORIAN = "Ador Edor Ddor Gdor Bdor".split()
MIXOLYDIAN = "Dmix Amix Gmix Emix Cmix".split()
HABITS = ["ends-on-tonic", "time-inside-chord", "foreign-roots"]


def habits_of(lilt, tunes, real):
    printed = subprocess.run([lilt, "eval", "--tunes", tunes, "--against", real, "--json"],
                             check=True, capture_output=True, text=True).stdout
    return {habit["habit"]: habit for habit in json.loads(printed)["habits"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("real")
    parser.add_argument("--lilt", default="./lilt")
    parser.add_argument("--model")
    parser.add_argument("-n", default="100")
    parser.add_argument("--seed", default="1")
    args = parser.parse_args()
    model = ["--model", args.model] if args.model else []
    with tempfile.TemporaryDirectory() as folder:
        for key in MAJOR + MINOR + DORIAN + MIXOLYDIAN:
            tunes = pathlib.Path(folder) / "tunes.abc"
            subprocess.run([args.lilt, "compose", *model, "--key", key, "-n", args.n, "--seed", args.seed,
                            "-o", tunes], check=True, capture_output=True)
            found = habits_of(args.lilt, tunes, args.real)
            shares = [f"{name} {100 * found[name]['composed']:.1f} %, real "
                      f"{100 * found[name]['real']:.1f} %" for name in HABITS]
            print(key.ljust(5), "; ".join(shares), flush=True)


if __name__ == "__main__":
    main()
