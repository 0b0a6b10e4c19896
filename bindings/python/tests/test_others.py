"""Tunes in music21, as MusicXML, and in symusic, as MIDI: the same notes as Lilt's."""

import itertools
import os
import unittest
from fractions import Fraction
from typing import Any

import lilt

try:
    import music21
    import symusic
except ImportError:
    music21 = symusic = None  # type: ignore[assignment]

# Grace notes, tied chords, ties over repeats, tuplets: what few composed tunes have.
OTHERS = [
    "X:1\nT:A\nM:3/4\nL:1/8\nK:Bb\n|:{g}e4 {fg}d2|[GB]4-[FGB]2|(3ABc B2- B2:|\n",
    "X:1\nT:B\nM:4/4\nL:1/8\nK:G\n|:GABc d2e2|1 d4- d2B2:|2 d8|]\n",
]
TUNES = int(os.environ.get("LILT_TUNES", "20"))


def quarters(value: object) -> Fraction:
    """A time in quarter notes; no note begins nearer to another than this tells."""
    return Fraction(float(value)).limit_denominator(480)  # type: ignore[arg-type]


def notes_of(tune: lilt.Tune, *, roles: set[str]) -> list[tuple[Fraction, Fraction, int]]:
    return sorted(
        (quarters(note["onset"]), quarters(note["length"]), int(note["pitch"]))
        for note in tune.notes
        if str(note["role"]) in roles
    )


def in_music21(tune: lilt.Tune) -> list[tuple[Fraction, Fraction, int]]:
    """Repeats played out, ties joined. A grace note, which has no time in MusicXML, takes what Lilt and
    abc2midi play from the note that it belongs to: a quarter of the unit note length."""
    score: Any = music21.converter.parseData(tune.musicxml, format="musicxml")
    found: list[tuple[Fraction, Fraction, int]] = []
    tied: dict[int, int] = {}  # by pitch, the note that goes on
    graces = Fraction()
    for each in score.parts[0].expandRepeats().flatten().notes:
        if isinstance(each, music21.harmony.ChordSymbol):
            continue
        onset, length = quarters(each.offset) + graces, quarters(each.quarterLength) - graces
        if each.duration.isGrace:
            length = Fraction(1, 8)
            graces += length
        else:
            graces = Fraction()
        for note in getattr(each, "notes", [each]):
            tie = note.tie.type if note.tie else ""
            begun = tied.pop(note.pitch.midi, None) if tie in ("stop", "continue") else None
            if begun is None:
                begun = len(found)
                found.append((onset, length, note.pitch.midi))
            else:
                start, so_far, pitch = found[begun]
                found[begun] = (start, so_far + length, pitch)
            if tie in ("start", "continue"):
                tied[note.pitch.midi] = begun
    return sorted(found)


def in_symusic(tune: lilt.Tune) -> list[tuple[Fraction, Fraction, int]]:
    score: Any = symusic.Score.from_midi(tune.midi)
    return sorted(
        (Fraction(n.time, score.tpq), Fraction(n.duration, score.tpq), n.pitch)
        for track in score.tracks
        for n in track.notes
    )


@unittest.skipUnless(music21 and symusic, "music21 and symusic are not here")
class Others(unittest.TestCase):
    def test_the_same_notes(self) -> None:
        compared = 0
        written = map(lilt.Tune, OTHERS)
        for tune in itertools.chain(written, lilt.stream(n=TUNES, seed=100, best_of=1)):
            with self.subTest(tune=tune.abc):
                self.assertEqual(in_symusic(tune), notes_of(tune, roles={"melody", "bass", "chords"}))
                # Hornpipes swing when they are played, and are written straight.
                straight = lilt.Tune(tune.abc.replace("R:hornpipe", "R:straight"))
                self.assertEqual(in_music21(straight), notes_of(straight, roles={"melody"}))
                compared += len(tune.notes)
        self.assertGreater(compared, 20 * TUNES)


if __name__ == "__main__":
    unittest.main()
