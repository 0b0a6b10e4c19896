#!/usr/bin/env python3
"""Composes thousands of tunes with mixed controls and has others look at them.

    python3 tests/thorough/compose.py [--tunes N] [--lilt PATH] [--seed N] [--abcjs FOLDER]

Every tune must pass `lilt check`, and every control must hold in every tune: they are read again
here, by a reader that shares nothing with Lilt's. A fifth of the tunes go to abc2midi, abcm2ps and
the parser of abcjs, which must have nothing to say; what is not installed is skipped, abcjs is
installed by npm into a folder that is thrown away. Prints a table; exit code 1 if anything failed.

The same --seed and --tunes give the same commands. Ten thousand tunes take some minutes.
"""

import argparse
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction

# --- What may be asked for

METRES = ["C", "C|", "2/4", "3/4", "4/4", "5/4", "6/4", "7/4", "2/2", "3/2", "3/8", "5/8", "6/8",
          "7/8", "9/8", "12/8"]
HORNPIPE_METRES = ["C", "2/4", "4/4"]
UNITS = ["1/2", "1/4", "1/8", "1/16"]
RHYTHMS = ["jig", "reel", "hornpipe", "waltz", "polka", "slip jig", "march", "air", "slow air"]
# In which they are written; any other in any.
METRES_OF = {"jig": ["6/8", "9/8", "12/8"], "reel": ["4/4", "C|", "C", "2/2", "2/4"],
             "hornpipe": HORNPIPE_METRES, "waltz": ["3/4", "3/8"], "polka": ["2/4", "4/4", "C", "C|"],
             "slip jig": ["9/8"]}
METRE_OF = {"jig": "6/8", "waltz": "3/4", "polka": "2/4", "slip jig": "9/8"}
FORMS = ["AABB", "AB", "ABAC", "AABBA", "AABBCC", "ABA", "AABA", "A", "AA", "ABCD"]
INSTRUMENTS = {"fiddle": (55, 83), "mandolin": (55, 83), "whistle": (62, 83), "flute": (62, 83),
               "uilleann-pipes": (62, 83), "pipes": (67, 81), "recorder": (60, 86)}
TITLES = ["The Thorough Reel", "Number Nine", "O'Neill & Son", "Miss 4, v 2"]

STEPS = "CDEFGAB"
SEMITONES = [0, 2, 4, 5, 7, 9, 11]
FIFTHS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
MODES = {"": 0, "m": -3, "mix": -1, "dor": -2, "phr": -4, "lyd": 1, "loc": -5}
MODE_NAMES = {"": ["", " major", "maj"], "m": ["m", " minor", "min"], "mix": ["mix", " mixolydian"],
              "dor": ["dor", " dorian"], "phr": ["phr", "phrygian"], "lyd": ["lyd", " lydian"],
              "loc": ["loc", " locrian"]}


def signature(key):
    """Sharps of a key such as F#mix; flats are negative."""
    tonic = re.match(r"[A-G][#b]?", key).group()
    accidental = {"#": 7, "b": -7}.get(tonic[1:], 0)
    return FIFTHS[tonic[0]] + accidental + MODES[key[len(tonic):]]


KEYS = [tonic + accidental + mode for tonic in STEPS for accidental in ["", "#", "b"]
        for mode in MODES if abs(signature(tonic + accidental + mode)) <= 7]


@dataclass
class Order:
    """What one call of lilt compose is asked for, and what its tunes must be."""
    arguments: list
    tunes: int
    key: str = ""
    metre: str = ""
    unit: str = ""
    rhythm: str = ""
    title: str = ""
    bars: int = 0
    form: str = ""
    range: tuple = (0, 127)
    chords: str = ""
    start: str = ""
    original: str = ""  # the tune that is continued or rewritten
    rewrite: tuple = ()


# --- A reader of what Lilt writes

class Broken(Exception):
    pass


TOKEN = re.compile(r'''
    (?P<field>^[KML]:[^\n]*\n)          | (?P<inline>\[[KML]:[^\]]*\])
  | (?P<bar>\|:|::|:?\|[|\]]?\d?|\[\d)  | (?P<symbol>"[^"]*")
  | (?P<tuplet>\(\d)                    | (?P<grace>\{[^}]*\})
  | (?P<chord>\[[^\]]*\])(?P<chordlength>\d*/?\d*)
  | (?P<note>[\^_=]?[A-Ga-g][,']*)(?P<length>\d*/?\d*)
  | (?P<rest>z)(?P<restlength>\d*/?\d*) | (?P<broken>[<>])
  | (?P<tie>-)                          | (?P<slur>[()])
  | (?P<space>[ ])                      | (?P<end>\n)
''', re.X | re.M)
NOTE = re.compile(r"([\^_=]?)([A-Ga-g])([,']*)")


def duration(text):
    """Of a length as written, in units."""
    numerator, slash, denominator = text.partition("/")
    return Fraction(int(numerator or 1), int(denominator or 2) if slash else 1)


@dataclass
class Run:
    """Music between two bar lines, endings or ends of line."""
    elements: list = field(default_factory=list)  # [pitches, length, symbols, graces]
    bar: int = 0  # counted from 1; 0 is a pickup

    def time(self):
        return sum((e[1] for e in self.elements), Fraction(0))


class Tune:
    """Reads a tune: header, runs of music between structure, bars, sections."""

    def __init__(self, text):
        self.text = text
        head, mark, rest = text.partition("\nK:")
        if not mark:
            raise Broken("no K:")
        key, _, self.body = rest.partition("\n")
        self.header = [line.split(":", 1) for line in head.split("\n")] + [["K", key]]
        self.fields = {}
        for letter, value in self.header:
            self.fields.setdefault(letter, value)
        self.structure, self.runs = [], []
        self.alters, self.tied, self.pitches = {}, {}, []
        self.key = key
        self.set_key(key)
        self.unit = Fraction(self.fields["L"])
        self.bar_length = self.length_of(self.fields["M"])
        self.read()
        self.count()

    @staticmethod
    def length_of(metre):
        return Fraction({"C": "4/4", "C|": "2/2"}.get(metre, metre))

    def set_key(self, key):
        sharps = signature(key)
        order = "FCGDAEB" if sharps > 0 else "BEADGCF"
        self.of_key = {s: (1 if sharps > 0 else -1) for s in order[:abs(sharps)]}

    def pitch(self, text, is_grace=False):
        """MIDI number. An accidental holds in its bar, for the letter in every octave."""
        accidental, letter, octaves = NOTE.fullmatch(text).groups()
        step = letter.upper()
        if accidental:
            self.alters[step] = {"^": 1, "_": -1, "=": 0}[accidental]
        alter = self.alters.get(step, self.of_key.get(step, 0))
        octave = 5 + letter.islower() + octaves.count("'") - octaves.count(",")
        # A tie carries its accidental over the bar line, until the note that it leads to.
        natural = 12 * octave + SEMITONES[STEPS.index(step)]
        if not is_grace and not accidental and natural in self.tied:
            alter = self.tied[natural]
            self.alters[step] = alter
        self.alter_of = {**getattr(self, "alter_of", {}), natural: alter}
        self.natural = natural
        return natural + alter

    def read(self):
        open_run, symbols, graces = None, [], []
        tuplet, tuplet_ratio, broken = 0, Fraction(1), None
        last_naturals = {}
        for token in self.tokens():
            kind, text = token.lastgroup, token.group()
            kind = {"chordlength": "chord", "length": "note", "restlength": "rest"}.get(kind, kind)
            if kind in ("field", "inline", "bar", "end"):
                if kind == "bar" and not text.startswith("["):  # an ending within a bar
                    self.alters = {}
                self.take_structure(kind, text)
                open_run = None
                continue
            if kind == "space":
                continue
            if open_run is None:
                open_run = Run()
                self.runs.append(open_run)
                self.structure.append(open_run)
            if kind == "symbol":
                symbols.append(text)
            elif kind == "grace":
                graces = [self.pitch(n.group(), True) for n in NOTE.finditer(text)]
                self.pitches += graces
            elif kind == "tuplet":
                tuplet = int(text[1])
                tuplet_ratio = Fraction(self.tuplet_time(tuplet), tuplet)
            elif kind == "broken":
                first, second = (Fraction(3, 2), Fraction(1, 2))
                if text == "<":
                    first, second = second, first
                open_run.elements[-1][1] *= first
                broken = second
            elif kind == "tie":
                self.tied = dict(last_naturals)
                for natural, alter in last_naturals.items():
                    self.tied[natural] = alter
            elif kind in ("note", "rest", "chord"):
                last_naturals, pitches = {}, []
                if kind != "rest":
                    for note in NOTE.finditer(token.group(kind)):
                        pitches.append(self.pitch(note.group()))
                        last_naturals[self.natural] = self.alter_of[self.natural]
                self.tied = {}
                self.pitches += pitches
                length = duration(token.group({"note": "length", "rest": "restlength",
                                               "chord": "chordlength"}[kind])) * self.unit
                if tuplet:
                    tuplet -= 1
                    length *= tuplet_ratio
                if broken:
                    length, broken = length * broken, None
                open_run.elements.append([pitches, length, symbols, graces])
                symbols, graces = [], []

    def tokens(self):
        at = 0
        while at < len(self.body):
            token = TOKEN.match(self.body, at)
            if not token:
                raise Broken(f"not understood: {self.body[at:at + 20]!r}")
            yield token
            at = token.end()

    def tuplet_time(self, notes):
        # As abc2midi counts: by threes wherever the number of beats is one of threes.
        compound = self.metre_now().split("/")[0] in ("3", "6", "9", "12")
        return {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}.get(notes, 3 if compound else 2)

    def metre_now(self):
        metre = self.fields["M"]
        for kind, text in (s for s in self.structure if not isinstance(s, Run)):
            if kind in ("field", "inline") and text.strip("[")[0] == "M":
                metre = text.strip("[]\n")[2:]
        return metre

    def take_structure(self, kind, text):
        self.structure.append((kind, text))
        if kind in ("field", "inline"):
            letter, value = text.strip("[]\n").split(":")
            if letter == "K":
                self.set_key(value)
                self.alters = {}
            elif letter == "L":
                self.unit = Fraction(value)

    def count(self):
        """Bars that begin, pickups aside, and the sections."""
        bar_length, filled, bars = self.bar_length, Fraction(0), 0
        ending_from, section = Fraction(0), []
        self.sections, is_repeated, in_section_bars = [], False, 0
        is_first, before_bar = True, Fraction(0)
        for item in self.structure:
            if isinstance(item, Run):
                time = item.time()
                if time == 0:
                    item.bar = bars
                    continue
                if is_first:
                    first = self.time_to_bar()
                    filled = (bar_length - first) if first < bar_length else Fraction(0)
                    self.pickup = first if first < bar_length else Fraction(0)
                    is_first = False
                if filled == 0:
                    bars += 1
                    in_section_bars += 1
                item.bar = bars
                filled += time
                if filled > bar_length:
                    raise Broken(f"bar {bars} is too long")
                section.append(item)
                continue
            kind, text = item
            if kind in ("field", "inline"):
                if text.strip("[")[0] == "M":
                    bar_length = self.length_of(text.strip("[]\n")[2:])
                continue
            if kind != "bar":
                continue
            if text in ("|", "|1") and filled not in (0, bar_length):
                raise Broken(f"bar {bars} is too short")
            if filled == bar_length:
                filled = Fraction(0)
            if text[-1:].isdigit():
                if text[-1] == "1":
                    ending_from = filled
                else:
                    filled = ending_from
            if text in ("||", "|]", ":|", "::", "|:") and section:
                self.sections.append((in_section_bars, is_repeated, section))
                section, in_section_bars = [], 0
            if text in ("|:", "::"):
                is_repeated = True
            elif text in (":|", "||"):
                is_repeated = False
        if filled not in (0, bar_length) and filled != bar_length - self.pickup:
            raise Broken("the last bar is not full")
        self.bars = bars

    def time_to_bar(self):
        """Of the music before the first bar line."""
        time = Fraction(0)
        for item in self.structure:
            if isinstance(item, Run):
                time += item.time()
            elif item[0] == "bar" and time > 0:
                break
        return time


# --- Whether a tune is what was asked for

def check_header(order, tune):
    letters = "".join(letter for letter, _ in tune.header)
    if not order.original and not re.fullmatch("XTZR?MLK", letters):
        raise Broken(f"fields {letters}")
    for letter, wish in (("K", order.key), ("M", order.metre), ("T", order.title),
                         ("R", order.rhythm), ("L", order.unit)):
        if wish and tune.fields.get(letter) != wish:
            raise Broken(f"{letter}: is {tune.fields.get(letter)!r}")
        if wish and re.search(rf"^{letter}:|\[{letter}:", tune.body, re.M):
            raise Broken(f"{letter}: changes")


def check_form(order, tune):
    sections, letters = [], {}
    for run in re.finditer(r"(.)\1?(?=(?:..)*)", order.form):
        sections.append((run.group(1), len(run.group()) == 2))
    each = order.bars // len(sections) if order.bars else 8
    found = [(bars, repeated) for bars, repeated, _ in tune.sections]
    if found != [(each, repeated) for _, repeated in sections]:
        raise Broken(f"sections are {found}")
    for (letter, _), (_, _, runs) in zip(sections, tune.sections):
        notes = music([e for run in runs for e in run.elements])
        if letters.setdefault(letter, notes) != notes:
            raise Broken(f"section {letter} differs")


def check_sounds(order, tune):
    lowest, highest = order.range
    if any(not lowest <= p <= highest for p in tune.pitches):
        raise Broken(f"pitches {min(tune.pitches)} to {max(tune.pitches)}")
    if order.chords == "off" and '"' in tune.body:
        raise Broken("has chord symbols")
    if order.chords == "on":
        first = [e for run in tune.runs if run.bar <= 2 for e in run.elements]
        if not any(e[2] for e in first):
            raise Broken("has no chord symbols in its first bars")


def check_same_header(old, new):
    """But for the unit, of which canonical text has one, and other names of the same key."""
    def shown(tune):
        return [h for h in tune.header if h[0] not in "XLK"]

    if shown(old) != shown(new) or (signature(old.key) - signature(new.key)) % 12:
        raise Broken("the header differs")


def sounding(symbol):
    """A chord symbol with its roots as numbers: canonical text may write D# for Eb."""
    def number(root):
        return str((SEMITONES[STEPS.index(root.group(1))]
                    + {"#": 1, "b": -1, "": 0}[root.group(2)]) % 12)
    return re.sub(r'(?<=["/])([A-G])([#b]?)', number, symbol)


def music(items):
    # The same chord symbol twice is one in canonical text.
    return [(tuple(e[0]), e[1], tuple(dict.fromkeys(map(sounding, e[2]))), tuple(e[3]))
            for e in items]


def bars_of(tune):
    """Runs and bar lines; canonical text may join :| and |: when it breaks a long line anew."""
    for item in tune.structure:
        if isinstance(item, Run) or (item[0] == "bar" and item[1] != "::"):
            yield item
        elif item[0] == "bar":
            yield from (("bar", ":|"), ("bar", "|:"))


def check_rewritten(order, tune):
    original = Tune(order.original)
    first, last = order.rewrite
    check_same_header(original, tune)
    bars, new_bars = list(bars_of(original)), list(bars_of(tune))
    if len(bars) != len(new_bars):
        raise Broken("the bar lines differ")
    for old, new in zip(bars, new_bars):
        if not isinstance(old, Run):
            if old != new:
                raise Broken(f"bar line {new[1]}, was {old[1]}")
        elif not first <= old.bar <= last and (
                music(old.elements) != music(new.elements)):
            raise Broken(f"bar {old.bar} differs, was\n{order.original}")
    if original.body == tune.body:
        raise Broken("nothing is new")


def check_continued(order, tune):
    original = Tune(order.original)
    check_same_header(original, tune)
    old = music([e for run in original.runs for e in run.elements])
    new = music([e for run in tune.runs for e in run.elements])
    if new[:len(old)] != old:
        raise Broken(f"what was given differs, was\n{order.original}")
    if len(new) == len(old):
        raise Broken("does not go on")


def check_controls(order, text):
    tune = Tune(text)
    check_header(order, tune)
    if not order.original:
        check_sounds(order, tune)
    if order.form:
        check_form(order, tune)
    elif order.bars and tune.bars != order.bars:
        raise Broken(f"has {tune.bars} bars")
    # A model that plans a form may repeat the section of an opening that shows no repeat.
    starts = (order.start, order.start if ":" in order.start else "|:" + order.start)
    if order.start and not tune.body.startswith(starts):
        raise Broken("begins otherwise")
    if order.rewrite:
        check_rewritten(order, tune)
    elif order.original:
        check_continued(order, tune)


# --- Orders

def pick_range(rng, order):
    if rng.random() < 0.5:
        name = rng.choice(list(INSTRUMENTS))
        order.range = INSTRUMENTS[name]
        order.arguments += ["--range", name]
        return
    names = [(f"{s}{a}{o}", SEMITONES[STEPS.index(s)] + {"": 0, "#": 1, "b": -1}[a] + 12 * (o + 1))
             for s in STEPS for a in ("", "#", "b") for o in range(2, 7)]
    names = [n for n in names if 36 <= n[1] <= 95]
    low = rng.choice([n for n in names if n[1] <= 72])
    high = rng.choice([n for n in names if n[1] >= low[1] + rng.choice([12, 12, 19, 24])
                       ] or [("B6", 95)])
    order.range = (low[1], high[1])
    order.arguments += ["--range", f"{low[0]}-{high[0]}"]


def random_bar(rng, metre, unit, chord):
    """Notes that fill a bar."""
    left = Tune.length_of(metre) / Fraction(unit)
    text = '"G"' if chord else ""
    while left > 0:
        length = min(left, Fraction(rng.choice(["1", "1", "2", "1/2", "3"])))
        if length.numerator not in (1, 2, 3, 4, 6, 7, 8, 12):
            length = min(left, Fraction(1))
        text += rng.choice("DEFGABcdefg")
        text += {"1": "", "1/2": "/2", "1/4": "/4"}.get(str(length), str(length))
        left -= length
    return text + "|"


def pick_start(rng, order):
    """An opening of its own: fields, one to three bars, perhaps with a repeat and a pickup."""
    key = order.key or rng.choice(["D", "G", "Am", "Edor", "Bb"])
    metre = order.metre or rng.choice(
        HORNPIPE_METRES if order.rhythm == "hornpipe" else ["4/4", "6/8", "3/4", "2/4", "9/8"])
    unit = order.unit or "1/8"
    chord = order.chords == "on" or (not order.chords and rng.random() < 0.3 and metre != "3/2")
    music = rng.choice(["", "|:"]) if not order.form else (
        "|:" if order.form[:2] == "AA" else "")
    music += rng.choice(["", "A|", "GA|"]) if Fraction(unit) <= Fraction(1, 8) else ""
    music += "".join(random_bar(rng, metre, unit, chord)
                     for _ in range(rng.choice([1, 1, 2, 3])))
    if rng.random() < 0.2 and Fraction(unit) <= Tune.length_of(metre):
        music += rng.choice(["A", "B"])
    order.start = music
    if order.range != (0, 127) or (order.form and order.bars and order.bars < 16):
        return False
    fields = "" if order.key else f"K:{key}\n"
    fields = ("" if order.metre else f"M:{metre}\n") + fields
    if not order.title and rng.random() < 0.3:
        order.title = rng.choice(TITLES)
        fields = f"T:{order.title}\n" + fields
    order.key, order.metre = key, metre
    order.arguments += ["--start", fields + music]
    return True


def pick_new(rng, tunes):
    order = Order([], tunes)
    if rng.random() < 0.6:
        order.key = rng.choice(KEYS)
        tonic = re.match(r"[A-G][#b]?", order.key).group()
        mode = order.key[len(tonic):]
        order.arguments += ["--key", tonic + rng.choice(MODE_NAMES[mode])]
    if rng.random() < 0.3:
        order.rhythm = rng.choice(RHYTHMS)
        order.arguments += ["--rhythm", order.rhythm]
        order.metre = METRE_OF.get(order.rhythm, "")
    if rng.random() < 0.6:
        order.metre = rng.choice(METRES_OF.get(order.rhythm, METRES))
        order.arguments += ["--metre", order.metre]
    order.unit = "1/8"
    if rng.random() < 0.4:
        order.unit = rng.choice(UNITS)
        order.arguments += ["--unit", order.unit]
    if rng.random() < 0.2:
        order.title = rng.choice(TITLES)
        order.arguments += ["--title", order.title]
    if rng.random() < 0.5:
        order.bars = rng.randint(4, 64)
    if rng.random() < 0.3:
        order.form = rng.choice(FORMS)
        sections = len(re.findall(r"(.)\1?", order.form))
        order.bars = rng.choice([0, sections * rng.randint(1, 12)])
        order.arguments += ["--form", order.form]
    if order.bars:
        order.arguments += ["--bars", str(order.bars)]
    if rng.random() < 0.5:
        order.chords = rng.choice(["on", "off"]) if order.metre != "3/2" else "off"
        order.arguments += ["--chords", order.chords]
    if rng.random() < 0.4:
        pick_range(rng, order)
    elif rng.random() < 0.25:
        if not pick_start(rng, order):
            order.start = ""
    if rng.random() < 0.3:
        order.arguments += ["--temperature", rng.choice(["0.5", "0.8", "1", "1.3", "2"])]
    if rng.random() < 0.2:
        order.arguments += ["--top-p", rng.choice(["0.9", "0.98"])]
    return order


def pick_given(rng, tunes, known, folder):
    """To rewrite or to continue a tune composed before."""
    order = Order([], tunes, original=rng.choice(known))
    bars = Tune(order.original).bars
    path = os.path.join(folder, f"given-{rng.getrandbits(40):x}.abc")
    with open(path, "w", encoding="utf-8") as file:
        file.write(order.original)
    order.arguments.append(path)
    if rng.random() < 0.6 and bars > 1:
        first = rng.randint(1, bars)
        order.rewrite = (first, rng.randint(first, min(bars, first + 7)))
        order.arguments += ["--rewrite", f"{order.rewrite[0]}-{order.rewrite[1]}",
                            "--best-of", "1"]
        return order
    order.arguments.append("--continue")
    if rng.random() < 0.7:
        order.bars = bars + rng.randint(1, 24)
        order.arguments += ["--bars", str(order.bars)]
    return order


# --- The table

class Table:
    def __init__(self):
        self.rows = {}

    def count(self, what, number=1):
        self.rows.setdefault(what, [0, 0, ""])[0] += number

    def fail(self, what, example):
        row = self.rows.setdefault(what, [0, 0, ""])
        row[1] += 1
        row[2] = row[2] or example

    def skip(self, what, why):
        self.rows[what] = ["skipped", "", why]

    def print(self):
        print(f"\n{'what':<34}{'tunes':>8}{'failed':>8}")
        for what, (number, failed, _) in self.rows.items():
            print(f"{what:<34}{number:>8}{failed:>8}")
        shown = set()
        for what, (_, failed, example) in self.rows.items():
            if example and example not in shown:
                print(f"\n{what}{':' if failed == '' else ', the first that failed:'} {example}")
            shown.add(example)

    def has_failures(self):
        return any(row[1] for row in self.rows.values())


def without_number(text):
    return text.strip("\n").partition("\n")[2]


@dataclass
class Made:
    text: str
    command: str

    def example(self, message):
        return f"{message}\n{self.command}\n{self.text}"


class Trial:
    def __init__(self, options, folder):
        self.options, self.folder, self.table = options, folder, Table()
        self.rng = random.Random(options.seed)
        self.made, self.known = [], []

    def run(self):
        while len(self.made) < self.options.tunes:
            self.compose()
        self.check_with_lilt()
        sample = self.made if len(self.made) <= 500 else self.made[::5]
        self.check_with_abc2midi(sample)
        self.check_with_abcm2ps(sample)
        self.check_with_abcjs(sample)

    def compose(self):
        tunes = min(self.rng.randint(10, 50), self.options.tunes - len(self.made))
        if self.known and self.rng.random() < 0.2:
            order = pick_given(self.rng, tunes, self.known, self.folder)
        else:
            order = pick_new(self.rng, tunes)
        seed = self.rng.getrandbits(31)
        command = [self.options.lilt, "compose", "-n", str(tunes), "--seed", str(seed)]
        command += order.arguments
        done = subprocess.run(command, capture_output=True, text=True)
        self.table.count("asked for and composed", tunes)
        if done.returncode != 0:
            self.table.fail("asked for and composed", f"{done.stderr}\n{shlex.join(command)}")
            self.made.append(Made("X:1\nT:none\nM:4/4\nL:1/8\nK:C\nz8|]\n\n", ""))
            return
        texts = [t + "\n" for t in re.split(r"\n(?=X:)", done.stdout.strip("\n") + "\n")]
        if len(texts) != tunes:
            self.table.fail("asked for and composed",
                            f"{len(texts)} of {tunes} tunes\n{shlex.join(command)}")
        for i, text in enumerate(texts):
            command[3], command[5] = "1", str(seed + i)
            self.take(order, Made(text.strip("\n") + "\n\n", shlex.join(command)))
        self.compose_alone(command, self.made[-1])

    def compose_alone(self, command, made):
        """The last of a batch must be the same tune when it is composed by itself."""
        done = subprocess.run(command, capture_output=True, text=True)
        self.table.count("the same when composed alone")
        if without_number(done.stdout) != without_number(made.text):
            self.table.fail("the same when composed alone", made.example(done.stdout))

    def take(self, order, made):
        kinds = [k for k in ("key", "metre", "rhythm", "title", "bars", "form", "chords", "start")
                 if getattr(order, k)] if not order.original else []
        kinds += ["unit"] if "--unit" in order.arguments else []
        kinds += ["range"] if order.range != (0, 127) else []
        kinds += ["rewrite" if order.rewrite else "continue"] if order.original else []
        for kind in kinds or ["nothing"]:
            self.table.count(f"controls hold: {kind} among them")
        self.made.append(made)
        try:
            check_controls(order, made.text)
        except Broken as e:
            for kind in kinds or ["nothing"]:
                self.table.fail(f"controls hold: {kind} among them", made.example(str(e)))
            return
        if not order.original and self.rng.random() < 0.1:
            self.known.append(made.text)

    # Others, who get one file and say where in it they find something wrong.

    def write(self, made, name):
        """One file of tunes; gives its path and the first line of each."""
        path, lines, line = os.path.join(self.folder, name), [], 1
        with open(path, "w", encoding="utf-8") as file:
            for number, one in enumerate(made, 1):
                lines.append(line)
                file.write(re.sub(r"^X:\d+", f"X:{number}", one.text))
                line += one.text.count("\n")
        return path, lines

    def blame(self, what, made, lines, complaints):
        """Complaints are pairs of a line in the file and what is said. One of each tune counts."""
        seen = set()
        for line, message in complaints:
            tune = max(i for i, first in enumerate(lines) if first <= line)
            if tune not in seen:
                self.table.fail(what, made[tune].example(message))
            seen.add(tune)

    def check_with_lilt(self):
        path, lines = self.write(self.made, "all.abc")
        done = subprocess.run([self.options.lilt, "check", path], capture_output=True, text=True)
        self.table.count("lilt check", len(self.made))
        said = done.stdout + done.stderr
        places = [(int(m.group(1)), m.group()) for m in
                  re.finditer(r"^\S*all\.abc:(\d+):\d+: .*$", said, re.M)]
        self.blame("lilt check", self.made, lines, places)
        if done.returncode != 0 and not places:
            self.table.fail("lilt check", said)

    def check_with_abc2midi(self, sample):
        if not shutil.which("abc2midi"):
            return self.table.skip("abc2midi", "not installed")

        def listen(item):
            number, made = item
            path = os.path.join(self.folder, f"midi-{number % 8}-{number}.abc")
            with open(path, "w", encoding="utf-8") as file:
                file.write(made.text)
            done = subprocess.run(["abc2midi", path, "-o", path + ".mid"], capture_output=True,
                                  text=True, errors="replace")
            os.remove(path)
            return [line for line in (done.stdout + done.stderr).split("\n")
                    if line.startswith(("Error", "Warning"))]

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for made, said in zip(sample, pool.map(listen, enumerate(sample))):
                self.table.count("abc2midi")
                if said:
                    self.table.fail("abc2midi", made.example("\n".join(said)))

    def check_with_abcm2ps(self, sample):
        if not shutil.which("abcm2ps"):
            return self.table.skip("abcm2ps", "not installed")
        path, lines = self.write(sample, "engraved.abc")
        done = subprocess.run(["abcm2ps", path, "-O", path + ".ps"], capture_output=True, text=True,
                              errors="replace")
        self.table.count("abcm2ps", len(sample))
        complaints = []
        for line in (done.stdout + done.stderr).split("\n"):
            # Its remarks on how full a line is and on its own layout are not about the tune.
            aside = ("overfull", "underfull", "too much shrunk", "abcm2ps problem")
            if not re.search("error|warning", line) or any(a in line for a in aside):
                continue
            place = re.search(r"\.abc:(\d+)", line)
            complaints.append((int(place.group(1)) if place else 1, line))
        self.blame("abcm2ps", sample, lines, complaints)

    def check_with_abcjs(self, sample):
        folder = self.options.abcjs or os.path.join(self.folder, "abcjs")
        if not self.options.abcjs and shutil.which("npm"):
            os.mkdir(folder)
            subprocess.run(["npm", "install", "--no-audit", "--no-fund", "abcjs"], cwd=folder,
                           capture_output=True, timeout=300)
        if not shutil.which("node") or not os.path.isdir(os.path.join(folder, "node_modules/abcjs")):
            return self.table.skip("abcjs", "npm install abcjs did not work")
        path, _ = self.write(sample, "page.abc")
        script = os.path.join(self.folder, "parse.js")
        with open(script, "w", encoding="utf-8") as file:
            file.write("""
const [folder, path] = process.argv.slice(2);
const ABCJS = require(folder + '/node_modules/abcjs');
const book = new ABCJS.TuneBook(require('fs').readFileSync(path, 'utf8'));
console.log(JSON.stringify(book.tunes.map(t => ABCJS.parseOnly(t.abc)[0].warnings || [])));
""")
        done = subprocess.run(["node", script, os.path.abspath(folder), path], capture_output=True,
                              text=True)
        self.table.count("abcjs", len(sample))
        if done.returncode != 0:
            return self.table.fail("abcjs", done.stderr)
        said = json.loads(done.stdout)
        if len(said) != len(sample):
            self.table.fail("abcjs", f"found {len(said)} tunes of {len(sample)}")
        for made, warnings in zip(sample, said):
            if warnings:
                self.table.fail("abcjs", made.example("\n".join(warnings)))


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tunes", type=int, default=10000)
    parser.add_argument("--lilt", default=os.path.join(root, "lilt"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--abcjs", help="a folder with node_modules/abcjs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(options, folder)
        trial.run()
        trial.table.print()
    return 1 if trial.table.has_failures() else 0


if __name__ == "__main__":
    sys.exit(main())
