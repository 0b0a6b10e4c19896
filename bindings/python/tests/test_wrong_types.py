"""Objects of the wrong type: an error each, and nothing else."""

import itertools
import unittest
import warnings
from collections.abc import Callable
from typing import Any

import lilt
from lilt import _core


class Awkward:
    def __index__(self) -> int:
        raise RuntimeError("no number")

    def __fspath__(self) -> str:
        raise RuntimeError("no path")


class Strange:
    def __float__(self) -> float:
        return "1"  # type: ignore[return-value]


def objects() -> list[Any]:
    nested: list[Any] = []
    nested.append(nested)
    return [
        None, True, 0, -1, 2**63, 10**400, 0.5, float("nan"), float("inf"), 1j, "", "x", "\ud800",
        "\0", "x" * 1_000_000, b"", b"\xff", bytearray(b"x"), memoryview(b"x"), [], [1], [None],
        ["x"], (), {}, {"a": 1}, set(), object(), type, len, iter([]), range(3), ..., Awkward(),
        Strange(), lilt, lilt.Tune, lilt.Tune("X:1\nT:A\nK:C\nC|]\n"), Exception("x"),
    ]  # fmt: skip


TUNE = lilt.Tune("X:1\nT:A\nM:4/4\nL:1/8\nK:C\nCDEF GABc|]\n")
EXPECTED = (ValueError, TypeError, OSError, RuntimeError)


class WrongTypes(unittest.TestCase):
    def give(self, name: str, call: Callable[[Any], Any]) -> int:
        """Gives each object; all that may happen is an error of the kinds that are expected."""
        errors = 0
        for value in objects():
            try:
                call(value)
            except EXPECTED as error:
                self.assertTrue(str(error), name)
                errors += 1
        return errors

    def test_functions_and_methods(self) -> None:
        calls: dict[str, Callable[[Any], Any]] = {
            "read": lilt.read,
            "check": lilt.check,
            "Tune": lilt.Tune,
            "Model": lambda value: lilt.Model(value),
            "transpose": TUNE.transpose,
            "render": TUNE.render,
            "instrument": lambda value: TUNE.render("mid", instrument=value),
            "tempo": lambda value: TUNE.render("mid", tempo=value),
            "paper": lambda value: TUNE.render("mid", paper=value),
            "font": lambda value: TUNE.render("mid", sound_font=value),
            "play": lambda value: TUNE.play(tempo=value),
            "save": TUNE.save,
            "like": lambda value: lilt.compose(like=value, n=1, best_of=1),
            "threads": lambda value: lilt.compose(threads=value, best_of=1),
            "model": lambda value: lilt.compose(model=value, best_of=1),
            "evaluate": lambda value: lilt.evaluate(value, TUNE),
            "evaluate tunes": lambda value: lilt.evaluate("none", value),
            "compare": lambda value: lilt.compare(value, value),
            "train": lambda value: lilt.train(value),
            "train out": lambda value: lilt.train([], out=value),
            "on_epoch": lambda value: lilt.train([__file__], on_epoch=value),
            "preset": lambda value: lilt.train([__file__], preset=value),
        }
        for name, call in calls.items():
            with self.subTest(name=name):
                self.assertGreater(self.give(name, call), 20)

    def test_every_field_of_a_request(self) -> None:
        for field in _core.request_fields():
            with self.subTest(field=field.name):
                self.give(field.name, lambda value: lilt.compose(**{"best_of": 1, field.name: value}))

    def test_every_option_of_training(self) -> None:
        for field in _core.training_fields():
            name = "from_" if field.name == "from" else field.name
            with self.subTest(field=name):
                errors = self.give(name, lambda value: lilt.train(**{"files": __file__, name: value}))
                self.assertGreater(errors, 20)

    def test_the_extension_itself(self) -> None:
        """All that it has, called with every object and with pairs of them."""
        music = TUNE._music
        values = objects()
        for owner, name in [(_core, n) for n in dir(_core)] + [(music, n) for n in dir(music)]:
            member = getattr(owner, name)
            if name.startswith("__") or not callable(member):
                continue
            given = [()] + [(v,) for v in values] + list(itertools.product(values[:12], repeat=2))
            for arguments in given:
                try:
                    member(*arguments)
                except EXPECTED:
                    pass

    def test_objects_that_were_never_made(self) -> None:
        self.enterContext(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        for kind in vars(_core).values():
            if isinstance(kind, type) and kind.__module__.endswith("_core"):
                hollow = kind.__new__(kind)  # type: ignore[call-overload]
                for name in dir(hollow):
                    if not name.startswith("__"):
                        with self.assertRaises(EXPECTED):
                            member = getattr(hollow, name)
                            member() if callable(member) else None
                            raise TypeError("needs arguments")


if __name__ == "__main__":
    unittest.main()
