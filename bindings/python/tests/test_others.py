"""Tunes in music21, as MusicXML, and in symusic, as MIDI: the same notes as Lilt's."""

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
    """Repeats played out, ties joined."""
    score: Any = music21.converter.parseData(tune.musicxml, format="musicxml")
    part = score.parts[0].expandRepeats().stripTies()
    return sorted(
        (quarters(note.getOffsetInHierarchy(part)), quarters(note.quarterLength), pitch.midi)
        for note in part.recurse().notes
        if not isinstance(note, music21.harmony.ChordSymbol)
        for pitch in note.pitches
    )


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
        for tune in lilt.stream(n=TUNES, seed=100, best_of=1):
            with self.subTest(tune=tune.abc):
                self.assertEqual(in_symusic(tune), notes_of(tune, roles={"melody", "bass", "chords"}))
                # Hornpipes swing when they are played, and are written straight.
                straight = lilt.Tune(tune.abc.replace("R:hornpipe", "R:straight"))
                self.assertEqual(in_music21(straight), notes_of(straight, roles={"melody"}))
                compared += len(tune.notes)
        self.assertGreater(compared, 20 * TUNES)


if __name__ == "__main__":
    unittest.main()
