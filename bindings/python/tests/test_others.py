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

# Tunes with grace notes and with tied chords come first.
FIRST = (342, 430)
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
    """Repeats played out, ties joined. A grace note, which has no time in MusicXML, takes a quarter of
    its written length from the note that it belongs to, as abc2midi has it."""
    score: Any = music21.converter.parseData(tune.musicxml, format="musicxml")
    found: list[tuple[Fraction, Fraction, int]] = []
    tied: dict[int, int] = {}  # by pitch, the note that goes on
    graces = Fraction()
    for each in score.parts[0].expandRepeats().flatten().notes:
        if isinstance(each, music21.harmony.ChordSymbol):
            continue
        onset, length = quarters(each.offset) + graces, quarters(each.quarterLength) - graces
        if each.duration.isGrace:
            length = quarters(music21.duration.Duration(each.duration.type).quarterLength) / 4
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
        first = [lilt.compose(seed=seed, best_of=1)[0] for seed in FIRST]
        for tune in itertools.chain(first, lilt.stream(n=TUNES - len(FIRST), seed=100, best_of=1)):
            with self.subTest(tune=tune.abc):
                self.assertEqual(in_symusic(tune), notes_of(tune, roles={"melody", "bass", "chords"}))
                # Hornpipes swing when they are played, and are written straight.
                straight = lilt.Tune(tune.abc.replace("R:hornpipe", "R:straight"))
                self.assertEqual(in_music21(straight), notes_of(straight, roles={"melody"}))
                compared += len(tune.notes)
        self.assertGreater(compared, 20 * TUNES)


if __name__ == "__main__":
    unittest.main()
