"""Training: epochs as they come, Ctrl-C, going on; figures of what was learnt."""

import os
import signal
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import lilt

PROGRAM = os.environ["LILT_PROGRAM"]
MODEL = os.environ["LILT_MODEL"]
SMALL: dict[str, Any] = {"embedding": 8, "hidden": [12], "batch": 4, "window": 16}


def jigs(count: int) -> str:
    """Small ones, each another."""
    notes = "DEFGABcd"
    text = ""
    for i in range(count):
        bar = "".join(notes[(i * k + k) % 8] for k in range(1, 7))
        text += f"X:{i}\nT:Jig {i}\nR:jig\nM:6/8\nL:1/8\nK:D\n|:{bar} D3|{bar[::-1]} d3:|\n\n"
    return text.replace(" D3", "").replace(" d3", "")


class Training(unittest.TestCase):
    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.tunes = self.folder / "jigs.abc"
        self.tunes.write_text(jigs(30))

    def test_epochs_as_they_come(self) -> None:
        seen: list[lilt.Epoch] = []
        out = self.folder / "run"
        training = lilt.train(
            self.tunes, epochs=3, valid_share=0.2, out=out, on_epoch=seen.append, **SMALL
        )
        self.assertFalse(out.exists())  # not before it is asked for
        epochs = list(training)
        self.assertEqual(epochs, seen)
        self.assertEqual([epoch.epoch for epoch in epochs], [1, 2, 3])
        self.assertLess(epochs[2].loss, epochs[0].loss)
        assert epochs[0].bits_per_character is not None
        self.assertEqual(training.ending, "finished")
        self.assertEqual(training.model, out / "model" / "best.safetensors")
        self.assertRaises(StopIteration, next, training)

    def test_the_same_model_as_the_command_line(self) -> None:
        one, other = self.folder / "one", self.folder / "other"
        options = [f"--{name}={value}" for name, value in SMALL.items() if name != "hidden"]
        subprocess.run(
            [PROGRAM, "train", self.tunes, "--epochs", "2", "--hidden", "12", "--out", one, *options],
            check=True, capture_output=True,
        )  # fmt: skip
        model = lilt.train([self.tunes], epochs=2, out=other, **SMALL).run()
        self.assertEqual(weights(model), weights(one / "model" / "last.safetensors"))

    def test_stops_and_goes_on(self) -> None:
        out = self.folder / "run"
        training = lilt.train(self.tunes, epochs=1000, out=out, **SMALL)
        next(training)
        self.assertGreater(training.progress["epoch"], 0)
        training.stop()
        self.assertEqual(training.ending, "interrupted")
        stopped = len(list(training))
        again = lilt.train(resume=True, out=out, epochs=stopped + 20)
        epochs = [epoch.epoch for epoch in again]
        self.assertEqual(epochs[-1], stopped + 20)
        with self.assertRaises(lilt.RequestError) as raised:
            lilt.train(resume=True, out=out, batch=5)
        self.assertIn("batch", str(raised.exception))

    def test_stops_before_it_begins(self) -> None:
        training = lilt.train(self.tunes, out=self.folder / "run", **SMALL)
        training.stop()
        self.assertRaises(StopIteration, next, training)
        self.assertIsNone(training.ending)

    def test_ctrl_c_ends_it_with_a_checkpoint(self) -> None:
        out = self.folder / "run"
        training = lilt.train(self.tunes, epochs=100_000, out=out, **SMALL)
        next(training)
        threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
        start = time.monotonic()
        with self.assertRaises(KeyboardInterrupt):
            training.run()
        self.assertLess(time.monotonic() - start, 20)
        self.assertEqual(training.ending, "interrupted")
        self.assertTrue((out / "model" / "last.safetensors").exists())

    def test_ctrl_c_ends_composing_and_measuring(self) -> None:
        for work in (
            lambda: lilt.compose(n=1_000_000),
            lambda: lilt.evaluate([MODEL] * 1000, self.tunes),
        ):
            threading.Timer(0.5, signal.raise_signal, [signal.SIGINT]).start()
            with self.assertRaises(KeyboardInterrupt):
                work()

    def test_an_error_of_on_epoch_is_raised(self) -> None:
        def fail(_: lilt.Epoch) -> None:
            raise RuntimeError("enough")

        out = self.folder / "run"
        training = lilt.train(self.tunes, epochs=1000, out=out, on_epoch=fail, **SMALL)
        self.assertRaises(RuntimeError, training.run)
        training.stop()

    def test_the_interpreter_may_end_before_it(self) -> None:
        script = (
            "import lilt, sys\n"
            f"training = lilt.train({str(self.tunes)!r}, epochs=10**6, out={str(self.folder / 'x')!r},"
            f" **{SMALL!r})\n"
            "next(training)\n"
            "composing = lilt.stream(n=1_000_000)\n"
            "next(composing)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], check=True, timeout=120, capture_output=True, text=True
        )
        self.assertEqual(done.stderr, "")
        self.assertTrue((self.folder / "x" / "model" / "last.safetensors").exists())

    def test_refusals(self) -> None:
        with self.assertRaises(FileNotFoundError):
            lilt.train("none.abc")
        for field, options in [
            ("epohs", {"epohs": 3}),
            ("epochs", {"epochs": 0}),
            ("preset", {"preset": "jazz"}),
            ("dropout", {"dropout": "much"}),
        ]:
            with self.subTest(field=field), self.assertRaises(lilt.RequestError) as raised:
                lilt.train(self.tunes, **options)  # type: ignore[arg-type]
            self.assertEqual(raised.exception.field, field)
        self.tunes.write_text("nothing")
        with self.assertRaises(lilt.Error):
            lilt.train(self.tunes, out=self.folder / "x", **SMALL).run()


class Measuring(unittest.TestCase):
    def test_evaluates_as_the_command_line_does(self) -> None:
        tunes = lilt.read(jigs(5))
        with TemporaryDirectory() as folder:
            path = Path(folder) / "jigs.abc"
            path.write_text(jigs(5))
            done = subprocess.run(
                [PROGRAM, "eval", MODEL, path, "--json"], check=True, capture_output=True, text=True
            )
            figures = lilt.evaluate(MODEL, path)
            self.assertEqual(lilt.evaluate(MODEL, tunes), figures)
            self.assertIn(f'"bits_per_note": {figures["bits_per_note"]}', done.stdout)
            several = lilt.evaluate([MODEL, MODEL], path, threads=1, eight_bit=True)
            self.assertEqual([model["bits_per_note_difference"] for model in several], [None, 0])
        with self.assertRaises(FileNotFoundError):
            lilt.evaluate(MODEL, "none.abc")
        with self.assertRaises(lilt.InputError):
            lilt.evaluate(__file__, tunes)

    def test_compares_tunes(self) -> None:
        composed = lilt.compose(n=4, best_of=1)
        figures = lilt.compare(composed, lilt.read(jigs(30)))
        self.assertEqual(figures["composed"]["correct"], 1)
        self.assertEqual(figures["composed"]["tunes"], 4)


def weights(path: Path) -> bytes:
    """What follows the header, which tells where the run was."""
    data = path.read_bytes()
    return data[8 + int.from_bytes(data[:8], "little") :]


if __name__ == "__main__":
    unittest.main()
