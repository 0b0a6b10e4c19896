#!/usr/bin/env python3
"""How often chord symbols that Lilt puts under a tune are those that its writer put there.

    python3 tests/thorough/harmonise.py [COLLECTION.abc] [--model FILE] [--lilt PROGRAM]

Harmonises every tune of the collection that has chord symbols and is correct, and compares the
first chord of each bar that has one in the original with the chord that sounds there: the same root
and the same of major and minor, and the very same symbol.
"""

import argparse
import collections
import concurrent.futures
import json
import re
import subprocess
import tempfile

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def tunes_of(path):
    text = open(path, encoding="utf-8", errors="replace").read().replace("\r", "")
    return [t.strip() + "\n" for t in re.split(r"\n\s*\n", text) if re.search(r"^X:", t, re.M)]


def chords_of_bars(tune):
    """Of each bar: its first chord symbol, and whether notes come before it."""
    body = tune[tune.index("\n", tune.index("\nK:") + 1) :]
    lines = [l for l in body.split("\n") if not re.match(r"[A-Za-z]:|%", l)]
    bars, chord, struck = [], None, False
    for token in re.findall(r'"[^"]*"|\[[A-Za-z]:[^\]]*\]|[|:\]]*\|[|:\]]*|::|[A-Ga-gz]|.', "\n".join(lines)):
        if token.startswith('"'):
            if chord is None and re.match(r"[A-G]", token[1:]):
                chord = (token[1:-1].replace(" ", ""), struck)
        elif "|" in token or token == "::":
            bars.append(chord)
            chord, struck = None, False
        elif re.match(r"[A-Ga-gz]", token):
            struck = True
    return bars + [chord]


def harmony(symbol):
    """Root and whether it is minor."""
    match = re.match(r"([A-G])([#b]?)(m(?!aj)|min|dim|o)?", symbol)
    root = STEPS[match[1]] + {"#": 1, "b": -1, "": 0}[match[2]]
    return root % 12, match[3] is not None


def compare(tune, options):
    """Bars, bars with the same harmony, with the same symbol; pairs that differ."""
    with tempfile.NamedTemporaryFile("w", suffix=".abc") as file:
        file.write(tune)
        file.flush()
        command = [options.lilt, "compose", file.name, "--harmonise", "--json", "--threads", "1"]
        if options.model:
            command += ["--model", options.model]
        run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        return None
    there, ours = chords_of_bars(tune), chords_of_bars(json.loads(run.stdout)[0]["abc"].strip())
    if len(there) != len(ours):
        raise SystemExit("bars were lost in\n" + tune)
    count = collections.Counter()
    sounding, before = None, None
    for human, own in zip(there, ours):
        before = sounding
        if own:
            sounding = own[0]
        if human:
            # A chord that comes later in the bar than the writer's does not sound there yet.
            found = before if own is None or (own[1] and not human[1]) else own[0]
            count["bars"] += 1
            same = found is not None and harmony(found) == harmony(human[0])
            count["same harmony"] += same
            count["same symbol"] += found == human[0]
            count["not written again"] += own is None
            if not same:
                count[(human[0], found)] += 1
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collection", nargs="?", default="../shared/corpora/nottingham/valid.abc")
    parser.add_argument("--model", help="default: Lilt's")
    parser.add_argument("--lilt", default="build/release/lilt")
    parser.add_argument("--confusions", action="store_true", help="show what is mistaken for what")
    options = parser.parse_args()
    tunes = [t for t in tunes_of(options.collection) if '"' in t]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        counts = [c for c in pool.map(lambda t: compare(t, options), tunes) if c]
    total = sum(counts, collections.Counter())
    bars = total["bars"]
    print(f"{len(counts)} tunes, {bars} bars with a chord of the writer; the same harmony in "
          f"{100 * total['same harmony'] / bars:.1f} %, the same symbol in "
          f"{100 * total['same symbol'] / bars:.1f} %; {len(tunes) - len(counts)} tunes refused; "
          f"{100 * total['not written again'] / bars:.1f} % sound on from the bar before")
    if options.confusions:
        for pair, count in total.most_common(40):
            if isinstance(pair, tuple):
                print(count, *pair)


if __name__ == "__main__":
    main()
