#!/usr/bin/env python3
"""Collections of 10 MB, 100 MB and 1 GB: time and memory of what reads them.

Composes some tunes and makes a collection of them, every tune another one: in each a quarter of the notes, drawn
by chance, are moved by a step or two. Then runs `check`, the commands of `corpus` and a share of an epoch of
`train` on it, beside `cat`, and prints a table: seconds, those of processors (which depend little on what else the
machine does), megabytes a second, and the most memory that was in use, all of it and what is not pages of a
file. A quarter of an hour, 6 GB of disk; what it makes stays in FOLDER.

    python3 tests/thorough/large_collection.py FOLDER [--lilt ./lilt] [--megabytes 10,100,1000] [--threads 2]
"""

import argparse
import os
import pathlib
import random
import re
import subprocess
import threading
import time

TUNES = 400  # composed
LEARNT = "200000"  # characters, of an epoch
NOTES = "CDEFGABcdefgab"
MOVED = {c: [NOTES[min(max(i + by, 0), len(NOTES) - 1)] for by in (-2, -1, 1, 2)] for i, c in enumerate(NOTES)}
HIDDEN = re.compile(r'"[^"]*"|\[[A-Za-z]:[^\]]*\]|![^!]*!')  # chord symbols, fields, decorations


def pieces(tune):
    """The lines of a tune behind its title, in pieces, and the places of the notes among them."""
    header, body = re.match(r"((?:[A-Za-z]:.*\n)*?K:.*\n)((?s:.*))", tune).groups()
    parts, notes, at = [], [], 0
    for hidden in [*HIDDEN.finditer(body), None]:
        end = hidden.start() if hidden else len(body)
        for c in body[at:end]:
            if c in NOTES:
                notes.append(len(parts))
            parts.append(c)
        if hidden:
            parts.append(hidden.group())
            at = hidden.end()
    kept = "".join(line + "\n" for line in header.splitlines() if line[0] not in "XTZ")
    return kept, parts, notes


def compose(lilt):
    printed = subprocess.run([lilt, "compose", "-n", str(TUNES), "--seed", "1", "--best-of", "1"],
                             check=True, capture_output=True, text=True).stdout
    return [tune for tune in printed.split("\n\n") if tune.strip()]


def count(path):
    with open(path, "rb") as file:
        return sum(line.startswith(b"X:") for line in file)


def make(tunes, path, size):
    chance = random.Random(1).random
    made = [pieces(tune.rstrip("\n") + "\n") for tune in tunes]
    written = number = 0
    with open(path, "w") as file:
        while written < size:
            header, parts, notes = made[number % len(made)]
            number += 1
            varied = parts.copy()
            for place in notes:
                if chance() < 0.25:
                    varied[place] = MOVED[varied[place]][int(4 * chance())]
            written += file.write(f"X:{number}\nT:Variation {number}\n{header}{''.join(varied)}\n")
    return number


class Memory(threading.Thread):
    """The most memory that a process has in use: all of it, and what is not pages of a file."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.status, self.all, self.anonymous = pathlib.Path(f"/proc/{process.pid}/status"), 0, 0
        self.start()

    def run(self):
        while True:
            try:
                found = re.findall(r"(?:VmHWM|RssAnon):\s*(\d+)", self.status.read_text())
            except OSError:
                return
            if len(found) != 2:
                return
            self.all = max(self.all, int(found[0]) * 1024)
            self.anonymous = max(self.anonymous, int(found[1]) * 1024)
            time.sleep(0.02)


def run(command, folder):
    """Seconds, those of processors, the most resident memory in bytes, and what of it is not of a file."""
    allowed = (0, 1) if "check" in command else (0,)  # notes that were moved leave ties without an end
    start = time.monotonic()
    with open(folder / "output.txt", "w") as output:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=output)
        memory = Memory(process)
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        raise SystemExit(f"{' '.join(map(str, command))}: {(folder / 'output.txt').read_text()}")
    return seconds, used.ru_utime + used.ru_stime, memory.all, memory.anonymous


def commands(lilt, tunes, folder, threads):
    out, corpus = folder / "out.abc", [lilt, "corpus"]
    yield "cat", ["cat", tunes]
    yield "check", [lilt, "check", "--quiet", tunes]
    yield "clean", [*corpus, "clean", tunes, "-o", out]
    yield "dedupe", [*corpus, "dedupe", tunes, "-o", out]
    yield "split", [*corpus, "split", tunes, "-o", folder / "parts", "--force"]
    yield "describe", [*corpus, "describe", tunes]
    out.unlink(missing_ok=True)
    for preset in ("classic", "folk"):
        yield f"train {preset}", [lilt, "train", tunes, "--preset", preset, "--out", folder / preset,
                                  "--characters", LEARNT, "--threads", threads]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--lilt", default="./lilt")
    parser.add_argument("--megabytes", default="10,100,1000")
    parser.add_argument("--threads", default="2")
    parser.add_argument("--only", help="such of the rows as begin with this")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    composed = compose(args.lilt)
    print("| | size | tunes | s | of processors | MB/s | most memory | of it not of files | "
          "bytes a tune, beyond the smallest |")
    print("|---|---|---|---|---|---|---|---|---|")
    smallest = {}
    for megabytes in map(int, args.megabytes.split(",")):
        tunes = args.folder / f"{megabytes}.abc"
        number = make(composed, tunes, megabytes * 1_000_000) if not tunes.exists() else count(tunes)
        for name, command in commands(args.lilt, tunes, args.folder, args.threads):
            if args.only and not name.startswith(args.only):
                continue
            seconds, of_processors, memory, anonymous = run(command, args.folder)
            had, number_had = smallest.setdefault(name, (anonymous, number))
            more = f"{(anonymous - had) / (number - number_had):.0f}" if number > number_had else ""
            print(f"| {name} | {megabytes} MB | {number:,} | {seconds:.1f} | {of_processors:.1f} | "
                  f"{megabytes / seconds:.0f} | {memory / 1e6:.0f} MB | {anonymous / 1e6:.0f} MB | {more} |", flush=True)


if __name__ == "__main__":
    main()
