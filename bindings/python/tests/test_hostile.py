"""What no caller should do: objects that lie, sizes beyond reason, threads that share everything, work
that is cut off. An error each or a right answer, and nothing else. HACKING.md says how to run it with
the address sanitizer."""

import array
import contextlib
import copy
import gc
import inspect
import mmap
import pickle
import random
import subprocess
import sys
import threading
import unittest
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import lilt
from lilt import _core

TEXT = "X:1\nT:A\nM:4/4\nL:1/8\nK:C\nCDEF GABc|]\n"
TUNE = lilt.Tune(TEXT)
BOOK = "".join(f"X:{i}\nT:Jig {i}\nR:jig\nM:6/8\nL:1/8\nK:D\n|:DFA dAF|GBd AFD:|\n\n" for i in range(30))
QUICK: dict[str, Any] = {"best_of": 1, "bars": 4, "threads": 1}
SMALL: dict[str, Any] = {"embedding": 4, "hidden": [4], "batch": 4, "window": 16, "threads": 1}
ERRORS = (ValueError, TypeError, OSError, RuntimeError, MemoryError, AttributeError, KeyError)


class Lying(str):
    """A text that is not what it says."""

    def __len__(self) -> int:
        return 2**40

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("neither")

    __hash__ = str.__hash__

    def encode(self, encoding: str = "", errors: str = "") -> Any:
        return None

    def __str__(self) -> Any:
        return 5


class Whole(int):
    def __index__(self) -> int:
        raise RuntimeError("no number")

    def __float__(self) -> Any:
        return "x"

    def __str__(self) -> Any:
        return None


class Shrinking(list[Any]):
    """A list that empties itself while it is walked."""

    def __iter__(self) -> Iterator[Any]:
        for _ in range(3):
            self.clear()
            yield self

    def __len__(self) -> int:
        return -1


class Emptying:
    """An element that empties the list it is in."""

    def __init__(self, owner: list[Any]) -> None:
        self.owner = owner

    def __index__(self) -> int:
        self.owner.clear()
        gc.collect()
        return 1

    def __fspath__(self) -> str:
        self.owner.clear()
        return "/"


class Pretending:
    """Says that it is a tune, a text, a path."""

    @property
    def __class__(self) -> Any:
        return lilt.Tune

    @__class__.setter
    def __class__(self, value: Any) -> None:
        pass

    abc = 5
    _music = None

    def __fspath__(self) -> Any:
        return 5

    def __repr__(self) -> str:
        raise RuntimeError("nothing to show")


def raising() -> Iterator[Any]:
    yield TUNE
    raise KeyError("enough")


def hostile() -> list[Any]:
    """Objects that lie about what they are."""
    emptied: list[Any] = []
    emptied += [Emptying(emptied), "x", "y"]
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    recursive: dict[str, Any] = {}
    recursive["x"] = recursive
    freed = memoryview(bytearray(b"X:1\nK:C\nC|]\n"))
    freed.release()
    hollow = lilt.Tune.__new__(lilt.Tune)
    return [
        Lying("x"), Lying(TEXT), Whole(3), Shrinking([1, 2, 3]), emptied, Pretending(), raising(), deep,
        recursive, freed, hollow, lilt.Model.__new__(lilt.Model), _core.Music.__new__(_core.Music),
        2**31, -(2**63), 2**64, 10**5000, 1e308, -0.0, float("-inf"), complex("nan"), "nan", "1e999",
        "X:1\n" * 3, TEXT.encode("utf-16"), array.array("d", [1.0]), mmap.mmap(-1, 16), b"x" * 3,
        "(" * 100_000, "[" * 100_000, {"n": {1}}, frozenset([TUNE]), [TUNE] * 3, [TUNE, hollow],
        [TUNE, None], [b"x"], NotImplemented, lambda *_: None, contextlib.nullcontext(), sys,
    ]  # fmt: skip


def parameters(function: Any) -> list[str]:
    """The names of those that can be given, without `**`."""
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    found = inspect.signature(function).parameters.values()
    return [each.name for each in found if each.kind not in kinds and each.name != "self"]


def public(owner: object) -> Iterator[tuple[str, Any]]:
    for name in getattr(owner, "__all__", dir(owner)):
        if not name.startswith("_"):
            yield name, getattr(owner, name)


class Hostile(unittest.TestCase):
    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.book = self.folder / "book.abc"
        self.book.write_text(BOOK)

    def survive(self, call: Callable[[], Any]) -> bool:
        """Whether there was an error, which must be one of those that are expected."""
        try:
            made = call()
            if isinstance(made, (Iterator, lilt.Training)):
                getattr(made, "close", getattr(made, "stop", None))()  # type: ignore[misc]
        except ERRORS as error:
            self.assertIsInstance(str(error), str)
            return True
        return False

    def test_every_parameter_of_everything(self) -> None:
        fitting: dict[str, Any] = {
            "source": TEXT, "abc": TEXT, "composed": TUNE, "against": TUNE, "files": str(self.book),
            "models": str(self.book), "tunes": TUNE, "kind": "mid", "semitones": 1, "held_out": (),
            "path": str(self.folder / "made.mid"), "message": "x",
        }  # fmt: skip
        targets: list[tuple[str, Any, dict[str, Any]]] = []
        owners = [("", lilt), ("Tune.", TUNE), ("Model.", lilt.default_model())]
        for prefix, owner in owners:
            for name, member in public(owner):
                if not callable(member) or name in ("Diagnostic", "Epoch", "Training"):
                    continue
                usual: dict[str, Any] = QUICK if "n" in parameters(member) else {}
                targets.append((prefix + name, member, dict(usual)))
        self.assertGreater(len(targets), 12)
        for name, member, usual in targets:
            names = parameters(member)
            for wrong in names:
                given = usual | {each: fitting[each] for each in names if each in fitting}
                for value in hostile():
                    with self.subTest(name=name, wrong=wrong):
                        self.survive(lambda: member(**(given | {wrong: value})))

    def test_every_field_of_a_request(self) -> None:
        for field in _core.request_fields():
            errors = 0
            for value in hostile():
                asked = QUICK | {field.name: value}
                errors += self.survive(lambda: lilt.stream(**asked))
            with self.subTest(field=field.name):
                self.assertGreater(errors, 15)

    def test_every_option_of_training(self) -> None:
        for field in _core.training_fields():
            name = "from_" if field.name == "from" else field.name
            for value in hostile():
                given = {"files": str(self.book), "out": str(self.folder / "run"), name: value}
                self.survive(lambda: lilt.train(**given))

    def test_the_classes_of_the_extension(self) -> None:
        """What the modules in Python never give: threads without number, and objects begun twice."""
        self.enterContext(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        model = lilt.default_model()._model
        made: dict[type[Any], tuple[Any, ...]] = {
            _core.Wanted: ('{"number": 3, "best_of": 1}', None, True, 1),
            _core.Rendering: ("flute", None, "a4", ""),
            _core.Lesson: ("{}", "classic", str(self.folder), False, 1),
            _core.Prediction: ([], [], 1),
            _core.Comparison: ([], [], []),
        }
        values = hostile() + [None, 0, "", "{", '{"number": 1e300}', [], ["x"], 2**63]
        for kind, fitting in made.items():
            one = kind(*fitting)
            self.survive(lambda: one.__init__(*fitting))
            for place in range(len(fitting)):
                for value in values:
                    self.survive(lambda: kind(*fitting[:place], value, *fitting[place + 1 :]))
            for name, member in public(one):
                for value in values:
                    self.survive(lambda: setattr(one, name, value))
        composing = _core.Composing(model, _core.Wanted(*made[_core.Wanted]))
        self.survive(lambda: composing.__init__(model, _core.Wanted(*made[_core.Wanted])))  # type: ignore[misc]
        self.assertIsNotNone(composing.next())
        composing.stop()
        self.survive(lambda: _core.Composing(model, _core.Wanted('{"best_of": 1}', "", False, 0)).next())

    def test_sizes_beyond_reason(self) -> None:
        for number in (10**9, 2**31 - 1, 2**32, 2**63 - 1, 2**64, -1, 0):
            self.survive(lambda: next(lilt.stream(n=number, **QUICK)))
        for number in (2**31, -(2**31), 2**63, -(10**30)):
            with self.assertRaises(lilt.RequestError):
                TUNE.transpose(number)
        for tempo in (1e308, 5e-324, -1.0, 0, float("nan")):
            self.assertTrue(self.survive(lambda: TUNE.play(tempo=tempo)))
        self.assertEqual(len(lilt.read("X:1\n" * 10_000)), 10_000)
        long = "X:1\nT:A\nM:4/4\nL:1/8\nK:C\n"
        notes = "CDEF GABc|" * 20_000
        for body in (
            notes, "|:" * 5000 + notes[:5000], "(" * 100_000 + "C", "{" * 100_000, "[" * 100_000,
            '"' + "A" * 1_000_000, "C" + "9" * 1000, "C" + "/" * 100_000, "(9:9:999999" + "C" * 20,
            "^" * 100_000 + "C", "\0" * 1000, "C," * 100_000, "V:1\n" * 50_000, "w:" + "-" * 100_000,
            "[V:9999999999]C|", "|:CDEF:|" * 3000, "Q:1/4=99999999999\nCDEF|", "M:1/99999999999\nC|",
            "L:99999999/1\nCDEF|", "P:((((((A9)9)9)9)9)9\nC|", "!" + "f" * 100_000 + "!C|",
        ):  # fmt: skip
            for name in ("check", "canonical", "play", "midi", "musicxml"):
                self.survive(lambda: made() if callable(made := getattr(lilt.Tune(long + body), name)) else 0)

    def test_buffers_that_are_gone(self) -> None:
        file = Path(lilt.__file__).with_name("folk.safetensors").read_bytes()
        tune = lilt.read(bytes(bytearray(TEXT.encode())))[0]
        notes = tune.notes
        stream = lilt.Model(bytes(bytearray(file))).stream(n=3, **QUICK)
        del tune
        gc.collect()
        self.assertEqual(len(notes), 8)
        self.assertEqual(len(list(stream)), 3)
        text = TEXT.encode()
        others: list[Any] = [bytearray(text), memoryview(text), array.array("B", text)]
        for other in others:
            for taker in (lilt.read, lilt.check, lilt.Model):
                with self.assertRaises(lilt.Error):
                    taker(other)
        draw = random.Random(1)
        for _ in range(40):
            broken = bytearray(file[: draw.choice([8, 100, 10_000, len(file)])])
            for _ in range(draw.choice([0, 1, 20])):
                broken[draw.randrange(min(len(broken), 20_000))] = draw.randrange(256)
            self.survive(lambda: lilt.Model(bytes(broken)).compose(**QUICK))

    def test_copies(self) -> None:
        tune = lilt.compose(**QUICK)[0]
        for again in (pickle.loads(pickle.dumps(tune)), copy.copy(tune), copy.deepcopy(tune)):
            self.assertEqual(again, tune)
            self.assertEqual(again.details, tune.details)
        for text in (TEXT, "", "\0", "[" * 100_000):
            for details in ("", "{", "[]", "[" * 100_000, "5"):
                restored = lilt.Tune._of(_core.restored(text, details))
                for name, _ in inspect.getmembers_static(lilt.Tune):
                    if not name.startswith("__"):
                        self.survive(lambda: getattr(restored, name))
        self.assertTrue(self.survive(lambda: pickle.dumps(lilt.default_model())))


class Threads(unittest.TestCase):
    def together(self, count: int, work: Callable[[int], object]) -> None:
        """Does so many at once, and raises what one of them raised."""
        raised: list[BaseException] = []
        begin = threading.Barrier(count)

        def one(i: int) -> None:
            begin.wait()
            try:
                work(i)
            except BaseException as error:
                raised.append(error)

        threads = [threading.Thread(target=one, args=(i,)) for i in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for error in raised:
            raise error

    def test_one_tune_and_one_model_for_all(self) -> None:
        expected = lilt.compose(**QUICK)
        whole = TUNE.canonical().abc, TUNE.midi, TUNE.musicxml

        def work(_: int) -> None:
            self.assertEqual(lilt.compose(**QUICK), expected)
            self.assertEqual((TUNE.canonical().abc, TUNE.midi, TUNE.musicxml), whole)
            self.assertEqual(lilt.read(BOOK)[29].title, "Jig 29")

        self.together(6, work)

    def test_one_stream_for_all(self) -> None:
        model = lilt.default_model()._model
        composing = _core.Composing(model, _core.Wanted('{"number": 60, "bars": 2}', None, True, 1))
        taken: list[str] = []

        def take(_: int) -> None:
            while (music := composing.next()) is not None:
                taken.append(music.text)

        self.together(4, take)
        self.assertEqual(len(set(taken)), 60)
        stream = lilt.stream(n=10**6, **QUICK)

        def close(i: int) -> None:
            with contextlib.suppress(ValueError, StopIteration):  # "already executing"
                next(stream) if i % 2 else stream.close()  # type: ignore[attr-defined]

        self.together(6, close)

    def test_stops_by_all_at_once(self) -> None:
        model = lilt.default_model()._model
        for _ in range(10):
            composing = _core.Composing(model, _core.Wanted('{"number": 1000}', None, True, 1))
            self.together(4, lambda i: composing.stop() if i else composing.next())

    def test_one_run_for_all(self) -> None:
        with TemporaryDirectory() as name:
            book = Path(name) / "book.abc"
            book.write_text(BOOK)
            training = lilt.train(book, epochs=12, out=Path(name) / "run", **SMALL)
            seen: list[int] = []
            self.together(4, lambda _: seen.extend(epoch.epoch for epoch in training))
            self.assertEqual(sorted(seen), list(range(1, 13)))
            for i in range(5):
                stopped = lilt.train(book, epochs=10**6, out=Path(name) / str(i), **SMALL)
                self.together(4, lambda which: next(stopped, None) if which else stopped.stop())
                self.together(4, lambda _: stopped.stop())
                self.together(4, lambda _: list(stopped))

    def test_what_is_under_way_when_python_ends(self) -> None:
        for script in (
            "stream = lilt.stream(n=10**6, bars=2, best_of=1); next(stream)",
            "import threading\nthreading.Thread(target=lilt.compose, kwargs={'n': 10**6}, daemon=True).start()",
            "import gc; gc.disable(); a = [lilt.stream(n=10**6)]; a.append(a); next(a[0])",
        ):
            ran = subprocess.run(
                [sys.executable, "-c", f"import lilt\n{script}"], capture_output=True, text=True, timeout=120
            )
            self.assertEqual((ran.returncode, ran.stderr), (0, ""), script)


if __name__ == "__main__":
    unittest.main()
