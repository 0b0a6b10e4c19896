"""How good models and tunes are."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from . import _arguments, _core
from ._tune import Tune

Path = str | os.PathLike[str]
Tunes = Path | Sequence[Path] | Tune | Iterable[Tune]
"""Tunes in files, or as they are."""


@contextmanager
def _files(field: str, tunes: Tunes) -> Iterator[list[str]]:
    """The files of tunes; those that are in no file are in a temporary one."""
    given = [tunes] if isinstance(tunes, (str, os.PathLike, Tune)) else tunes
    if not isinstance(given, Iterable) or isinstance(given, bytes):
        raise _arguments.wrong(field, "files or tunes", tunes)
    members: list[Any] = list(given)
    if not any(isinstance(member, Tune) for member in members):
        yield _arguments.paths(field, members)
        return
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, f"{field}.abc")
        with open(name, "w", encoding="utf-8", newline="\n") as file:
            for member in members:
                if not isinstance(member, Tune):
                    raise _arguments.wrong(field, "files or tunes, not both", member)
                file.write(member.abc.rstrip("\n") + "\n\n")
        yield [name]


def evaluate(
    models: Path | Sequence[Path],
    tunes: Tunes,
    *,
    dialect: str = "",
    eight_bit: bool = False,
    unplanned: bool = False,
    threads: int | None = None,
) -> Any:
    """How well a model, the file of one, predicts tunes that it has not seen: what `lilt eval --json`
    tells, bits_per_note with its 95 % interval among it. Of several models it is a list.

    dialect: The collection of the model that the tunes are like (default: its first)
    eight_bit: With the 8-bit weights of composing
    unplanned: Tell models nothing of what is to come
    threads: Threads to use (default: all cores); the figures do not depend on it
    """
    with _files("tunes", tunes) as files:
        names = _arguments.paths("models", models)
        for field, value, kind in (("models", names, "a model"), ("tunes", files, "tunes")):
            if not value:
                raise _arguments.wrong(field, kind, value)
        asked = _core.Prediction(names, files, _arguments.threads(threads))
        asked.dialect = _arguments.text("dialect", dialect)
        asked.eight_bit, asked.unplanned = bool(eight_bit), bool(unplanned)
        return json.loads(_core.predict(asked))


def compare(composed: Tunes, against: Tunes, held_out: Tunes = ()) -> dict[str, Any]:
    """Whether composed tunes are correct, new and in style, beside the same figures of the real tunes
    `against`: what `lilt eval --tunes … --against … --json` tells.

    held_out: Further real tunes, to tell how far real ones differ
    """
    with ExitStack() as stack:
        files = [
            stack.enter_context(_files(field, tunes))
            for field, tunes in (("composed", composed), ("against", against), ("held_out", held_out))
        ]
        for field, named in zip(("composed", "against"), files):
            if not named:
                raise _arguments.wrong(field, "files or tunes", named)
        compared: dict[str, Any] = json.loads(_core.compare(_core.Comparison(*files)))
        return compared
