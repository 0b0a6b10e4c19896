"""Tunes: read, checked, transposed, played, pickled."""

import pickle
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

import lilt

JIG = "X:1\nT:Löwe\nR:jig\nM:6/8\nL:1/8\nK:D\n|:DFA dAF|GBd AFD:|\n"
WRONG = "X:2\nT:Two\nM:4/4\nL:1/8\nK:C\nCDEF GABc|CDE|C8|]\n"


class Reading(unittest.TestCase):
    def test_reads_every_tune_of_a_text(self) -> None:
        tunes = lilt.read(JIG + "\n" + WRONG)
        self.assertEqual([tune.title for tune in tunes], ["Löwe", "Two"])
        self.assertEqual((tunes[0].key, tunes[0].meter, tunes[0].rhythm), ("D", "6/8", "jig"))
        self.assertEqual(tunes[0].abc, JIG)
        self.assertEqual(lilt.read("no tune"), [])

    def test_reads_files_and_bytes(self) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "jig.abc"
            path.write_bytes(JIG.encode("latin-1"))
            self.assertEqual(lilt.read(path)[0].abc, JIG)
            self.assertEqual(lilt.read(path.read_bytes())[0].abc, JIG)
            self.assertRaises(FileNotFoundError, lilt.read, Path(folder) / "none.abc")

    def test_the_header_of_a_file_holds_for_its_tunes(self) -> None:
        (tune,) = lilt.read("M:3/4\nR:waltz\n\nX:5\nT:A\nL:1/4\nK:G\nGAB|\n")
        self.assertEqual((tune.meter, tune.rhythm, tune.check()), ("3/4", "waltz", []))

    def test_a_tune_is_one_tune(self) -> None:
        self.assertEqual(lilt.Tune(JIG).title, "Löwe")
        for text in ("", JIG + "\n" + WRONG):
            with self.assertRaises(lilt.InputError):
                lilt.Tune(text)

    def test_says_what_is_wrong(self) -> None:
        tunes = lilt.read(JIG + "\n" + WRONG)
        self.assertEqual(tunes[0].check(), [])
        (found,) = tunes[1].check()
        self.assertEqual((found.line, found.severity, found.code), (6, "error", "bar-too-short"))
        self.assertIn("3/8", found.message)
        self.assertEqual(lilt.check(JIG + "\n" + WRONG)[0].line, JIG.count("\n") + 1 + 6)

    def test_are_values(self) -> None:
        tune = lilt.Tune(JIG)
        self.assertEqual(tune, lilt.Tune(JIG))
        self.assertEqual(len({tune, lilt.Tune(JIG)}), 1)
        self.assertNotEqual(tune, JIG)
        again = pickle.loads(pickle.dumps(tune))
        self.assertEqual((again, again.notes.tobytes()), (tune, tune.notes.tobytes()))


class Music(unittest.TestCase):
    def test_notes_as_they_sound(self) -> None:
        notes = lilt.Tune(JIG).notes
        self.assertEqual(len(notes), 24)  # the repeat is played out
        self.assertEqual(list(notes["pitch"][:3]), [62, 66, 69])
        self.assertEqual(list(notes["onset"][:3]), [0, 0.5, 1])
        self.assertEqual(notes["length"][0], 0.5)
        self.assertEqual(set(notes["role"]), {"melody"})
        letters = [JIG[note["begin"] : note["end"]] for note in notes[:6]]
        self.assertEqual(letters, list("DFAdAF"))  # by characters, though the title has an ö

    def test_chord_symbols_are_accompanied(self) -> None:
        notes = lilt.Tune('X:1\nT:A\nM:3/4\nL:1/4\nK:G\n"G"GAB|"D7"d3|]\n').notes
        self.assertEqual(set(notes["role"]), {"melody", "bass", "chords"})

    def test_tempo_and_instrument(self) -> None:
        tune = lilt.Tune(JIG)
        slow, fast = tune.play(tempo=60), tune.play(tempo=120)
        self.assertAlmostEqual(slow["duration"][0], 2 * fast["duration"][0])
        self.assertEqual(tune.midi[:4], b"MThd")
        self.assertNotEqual(tune.midi, tune.render("mid", instrument="fiddle"))
        self.assertEqual(tune.midi, tune.render("mid", instrument=74))

    def test_transposes(self) -> None:
        tune = lilt.Tune(JIG)
        up = tune.transpose(2)
        self.assertEqual(up.key, "E")
        self.assertEqual(list(up.notes["pitch"]), [pitch + 2 for pitch in tune.notes["pitch"]])
        self.assertEqual(up.transpose(-2), tune.canonical())

    def test_musicxml(self) -> None:
        self.assertIn("<work-title>Löwe</work-title>", lilt.Tune(JIG).musicxml)

    def test_saves_by_the_ending(self) -> None:
        tune = lilt.Tune(JIG)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "jig.mid"
            tune.save(path)
            self.assertEqual(path.read_bytes(), tune.midi)
            with self.assertRaises(lilt.RequestError):
                tune.save(Path(folder) / "jig.doc")
            self.assertEqual(sorted(p.name for p in Path(folder).iterdir()), ["jig.mid"])

    def test_a_tune_without_notes_is_an_error(self) -> None:
        empty = lilt.Tune("X:1\nT:A\nK:C\n")
        for attribute in ("midi", "musicxml", "notes"):
            with self.assertRaises(lilt.InputError):
                getattr(empty, attribute)


if __name__ == "__main__":
    unittest.main()
