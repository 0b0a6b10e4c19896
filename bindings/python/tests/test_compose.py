"""Composing: the same tunes as the command line's, and what is refused."""

import json
import keyword
import os
import pickle
import subprocess
import threading
import time
import unittest
import warnings
from pathlib import Path
from typing import Any

import lilt

ROOT = Path(__file__).parents[3]
PROGRAM = os.environ["LILT_PROGRAM"]
MODEL = os.environ["LILT_MODEL"]
TUNE = "X:1\nT:One\nR:jig\nM:6/8\nL:1/8\nK:D\n|:DFA dAF|GBd AFD|EGB gBG|FAd fdA:|\n"


def requests(count: int) -> list[dict[str, Any]]:
    """Mixed ones, the same as in the tests of the other packages."""
    kinds = json.loads((ROOT / "tests/support/requests.json").read_text())
    return [{"seed": 1 + 37 * i, **kinds[i % len(kinds)]} for i in range(count)]


def by_command_line(request: dict[str, Any]) -> list[dict[str, Any]]:
    command = [PROGRAM, "compose", "--json", "--model", MODEL]
    for name, value in request.items():
        option = "-" if name == "tune" else "--" + name.replace("_", "-")
        command += [option] if value is True or name == "tune" else [option, str(value)]
    done = subprocess.run(command, input=request.get("tune", ""), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    pieces: list[dict[str, Any]] = json.loads(done.stdout)
    return pieces


class Composing(unittest.TestCase):
    def test_the_same_bytes_as_the_command_line(self) -> None:
        for request in requests(int(os.environ.get("LILT_REQUESTS", "20"))):
            with self.subTest(request=request):
                pieces = by_command_line(request)
                arguments = {f"{k}_" if keyword.iskeyword(k) else k: v for k, v in request.items()}
                tunes = lilt.compose(**arguments)
                self.assertEqual([tune.abc for tune in tunes], [piece["abc"] for piece in pieces])
                self.assertEqual([tune.seed for tune in tunes], [piece["seed"] for piece in pieces])
                self.assertEqual(tunes[0].plan, pieces[0].get("plan"))
                for tune in tunes:
                    self.assertEqual([d for d in tune.check() if d.severity == "error"], [])

    def test_as_asked_for(self) -> None:
        tunes = lilt.compose(key="D", meter="6/8", n=3, best_of=1)
        self.assertEqual([(tune.key, tune.meter) for tune in tunes], [("D", "6/8")] * 3)
        self.assertEqual([tune.seed for tune in tunes], [1, 2, 3])
        self.assertEqual(lilt.compose(metre="6/8", key="D", best_of=1), tunes[:1])
        number: dict[str, Any] = {"number": 3}
        again = lilt.compose(key="D", meter="6/8", threads=1, best_of=1, **number)
        self.assertEqual(again, tunes)

    def test_tunes_like_others(self) -> None:
        book = lilt.read(TUNE) + [lilt.Tune("X:1\nT:B\nM:3/4\nL:1/4\nK:Gm\nGAB|d3|c2A|G3|]\n")]
        tunes = lilt.compose(like=book, best_of=1)
        self.assertEqual([(t.key, t.meter) for t in tunes], [("D", "6/8"), ("Gm", "3/4")])
        self.assertEqual(len(lilt.compose(like=TUNE, n=2, best_of=1)), 2)

    def test_a_tune_goes_on(self) -> None:
        (varied,) = lilt.compose(tune=lilt.Tune(TUNE), vary=50)
        self.assertEqual(varied.title, "One")

    def test_one_by_one(self) -> None:
        tunes = lilt.stream(n=1_000_000, best_of=1)
        first = next(tunes)
        self.assertEqual(first, lilt.compose(best_of=1)[0])
        start = time.monotonic()
        del tunes  # ends the composing
        self.assertLess(time.monotonic() - start, 10)

    def test_many_threads_may_compose(self) -> None:
        model = lilt.default_model()
        wanted = [lilt.compose(seed=seed, best_of=1) for seed in range(4)]
        made: dict[int, list[lilt.Tune]] = {}

        def work(seed: int) -> None:
            made[seed] = model.compose(seed=seed, best_of=1)

        workers = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual([made[seed] for seed in range(4)], wanted)

    def test_the_lock_is_released(self) -> None:
        counted = 0
        done = threading.Event()

        def count() -> None:
            nonlocal counted
            while not done.wait(0.001):
                counted += 1

        counter = threading.Thread(target=count)
        counter.start()
        lilt.compose(n=10, threads=1)
        done.set()
        counter.join()
        self.assertGreater(counted, 20)

    def test_figures_and_plan(self) -> None:
        (tune,) = lilt.compose(report=True, best_of=1)
        self.assertIn("novelty_percentile", tune.details)
        assert tune.bits_per_note is not None
        self.assertGreater(tune.bits_per_note, 0)
        self.assertEqual(pickle.loads(pickle.dumps(tune)).details, tune.details)
        self.assertEqual(lilt.Tune(tune.abc).details, {})
        self.assertIsNone(lilt.Tune(tune.abc).seed)
        again = lilt.compose(form=json.dumps(tune.plan), best_of=1)
        assert tune.plan is not None and again[0].plan is not None
        self.assertEqual(again[0].plan["sections"], tune.plan["sections"])


class Refusals(unittest.TestCase):
    def refuses(self, field: str, expected: str, **request: Any) -> None:
        with self.subTest(request=request), self.assertRaises(lilt.RequestError) as raised:
            lilt.compose(**request)
        self.assertEqual(raised.exception.field, field)
        self.assertIn(expected, str(raised.exception))
        self.assertIsInstance(raised.exception, ValueError)

    def test_of_what_is_unknown(self) -> None:
        self.refuses("kye", "did you mean", kye="D")
        self.refuses("tempo", "unknown", tempo=100)
        self.refuses("key_", "unknown", key_="D")

    def test_of_what_cannot_be(self) -> None:
        self.refuses("n", "it or number", n=1, number=2)
        self.refuses("metre", "it or meter", metre="6/8", meter="6/8")
        self.refuses("key", "H", key="H")
        self.refuses("bars", "of 1 to", bars=0)
        self.refuses("temperature", "found nan", temperature=float("nan"))
        self.refuses("n", "1 to 1000000000", n=0)
        self.refuses("n", "1 to 1000000000", n=10**30)
        self.refuses("seed", "whole number", seed=-1)
        self.refuses("seed", "whole number", seed=2**70)
        self.refuses("threads", "1 to 1024", threads=0)
        self.refuses("title", "Unicode", title="\ud800")
        self.refuses("tune", "with it", tune=TUNE)

    def test_of_models(self) -> None:
        with self.assertRaises(FileNotFoundError):
            lilt.Model("none.safetensors")
        with self.assertRaises(IsADirectoryError):
            lilt.Model("/")
        for data in (b"", b"abc", bytes(1000)):
            with self.assertRaises(lilt.InputError):
                lilt.Model(data)
        with open(MODEL, "rb") as file:
            whole = file.read()
        with self.assertRaises(lilt.InputError):
            lilt.Model(whole[:-1])
        self.assertEqual(lilt.Model(whole).compose(best_of=1), lilt.compose(best_of=1))

    def test_remarks_are_warnings(self) -> None:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            like = TUNE + "\nX:2\nT:Free\nM:none\nL:1/8\nK:C\nCDE|]\n"
            lilt.compose(like=like, best_of=1)
        self.assertTrue(any("Free" in str(one.message) for one in told), told)


class Models(unittest.TestCase):
    def test_tell_about_themselves(self) -> None:
        model = lilt.default_model()
        self.assertGreater(model.parameters, 100_000)
        self.assertTrue(model.knows_tunes)
        self.assertIsInstance(model.provenance, dict)
        self.assertEqual(model.reservation, "")
        self.assertIn("parameters", repr(model))


if __name__ == "__main__":
    unittest.main()
