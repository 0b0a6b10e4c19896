"""Models, and composing with them."""

from __future__ import annotations

import functools
import json
import os
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _arguments, _core
from ._fields import REQUEST_HELP
from ._tune import Tune

if TYPE_CHECKING:
    from typing import Unpack

    from . import _fields

    class Request(_fields.Request, total=False):
        """What lilt.compose() takes."""

        # As `meter`.
        metre: str | None

_MOST_PIECES = 1_000_000_000


class Model:
    """A model to compose with, from a model file (.safetensors). It does not change, and any number of
    threads may compose with it."""

    __slots__ = ("_model", "_name")

    def __init__(self, source: str | os.PathLike[str] | bytes | None = None) -> None:
        """Opens the file at a path, or the bytes of one; None: the model that comes with Lilt.

        Raises InputError where that is no model, and OSError where it cannot be read.
        """
        if isinstance(source, bytes):
            self._model, self._name = _core.open_bytes(source), "bytes"
            return
        path = str(_SHIPPED) if source is None else _arguments.path("source", source)
        self._model, self._name = _core.open_file(path), path

    def __repr__(self) -> str:
        return f"<lilt.Model {self._name}, {self.parameters:,} parameters>"

    @property
    def parameters(self) -> int:
        """How many weights it has."""
        return self._model.parameters

    @property
    def dialects(self) -> list[str]:
        """The collections that it learnt, of which `dialect` names one."""
        return self._model.dialects

    @property
    def knows_tunes(self) -> bool:
        """Whether it can tell how new a tune is: `report=True` and `novel` need that."""
        return self._model.knows_tunes

    @property
    def reservation(self) -> str:
        """What a person should know before composing with it, or ""."""
        return self._model.reservation

    @property
    def provenance(self) -> dict[str, Any]:
        """How it was trained."""
        told: dict[str, Any] = json.loads(self._model.provenance or "{}")
        return told

    def compose(
        self,
        *,
        n: int | None = None,
        tune: str | Tune | None = None,
        like: str | Tune | Iterable[Tune] | None = None,
        threads: int | None = None,
        **request: Unpack[Request],
    ) -> list[Tune]:
        """Tunes as asked for, all of them: see lilt.compose()."""
        return list(self.stream(n=n, tune=tune, like=like, threads=threads, **request))

    def stream(
        self,
        *,
        n: int | None = None,
        tune: str | Tune | None = None,
        like: str | Tune | Iterable[Tune] | None = None,
        threads: int | None = None,
        **request: Unpack[Request],
    ) -> Iterator[Tune]:
        """The same, one by one as they come. What is wrong with the request is raised at once;
        close() of the iterator, or letting go of it, ends the composing."""
        asked: dict[str, Any] = dict(request)
        for name, other in (("metre", "meter"), ("n", "number")):
            value = n if name == "n" else asked.pop(name, None)
            if value is not None and asked.get(other) is not None:
                raise _arguments.wrong(name, f"it or {other}", value)
            asked[other] = asked.get(other) if value is None else value
        if asked["number"] is not None:
            asked["number"] = _arguments.count("n", asked["number"], _MOST_PIECES)
        if tune is not None:
            asked["tune"] = tune.abc if isinstance(tune, Tune) else _arguments.text("tune", tune)
        says_number = asked.get("number") is not None
        wanted = _core.Wanted(
            _arguments.fields_json(asked), _book(like), says_number, _arguments.threads(threads)
        )
        return _tunes(_core.Composing(self._model, wanted))


def _tunes(composing: _core.Composing) -> Iterator[Tune]:
    has_told = False
    try:
        while (music := composing.next()) is not None:
            if not has_told:
                for remark in composing.remarks:
                    warnings.warn(remark, stacklevel=2)
                has_told = True
            yield Tune._of(music)
    finally:
        composing.stop()


def _book(like: object) -> str | None:
    """Tunes to be like, as one text."""
    if like is None:
        return None
    if isinstance(like, str):
        return _arguments.text("like", like)
    tunes = [like] if isinstance(like, Tune) else like
    if not isinstance(tunes, Iterable) or isinstance(tunes, bytes):
        raise _arguments.wrong("like", "a text or tunes", like)
    texts = []
    for tune in tunes:
        if not isinstance(tune, Tune):
            raise _arguments.wrong("like", "a text or tunes", tune)
        texts.append(tune.abc.rstrip("\n") + "\n\n")
    return "".join(texts)


_SHIPPED = Path(__file__).parent / "folk.safetensors"


@functools.cache
def default_model() -> Model:
    """The model that comes with Lilt, opened once."""
    return Model()


def _model_of(model: Model | str | os.PathLike[str] | None) -> Model:
    if model is None:
        return default_model()
    return model if isinstance(model, Model) else Model(model)


def compose(
    *,
    n: int | None = None,
    tune: str | Tune | None = None,
    like: str | Tune | Iterable[Tune] | None = None,
    model: Model | str | os.PathLike[str] | None = None,
    threads: int | None = None,
    **request: Unpack[Request],
) -> list[Tune]:
    """Composes tunes, every one correct and as asked for.

    >>> jigs = lilt.compose(key="D", meter="6/8", rhythm="jig", n=10, seed=7)

    The arguments are the options of `lilt compose`, and the same ones give the same tunes, to the
    byte, as the command line, C and JavaScript; unlike the command line's, the seed is 1 where none
    is given. What is None has its default. An unknown argument, or one that cannot be, is a
    RequestError, which names it. Ctrl-C ends the composing.

    n: How many tunes (default: 1)
    tune: A tune to go on from, with rewrite, vary, continue_ or harmonise
    like: Tunes to be like: a tune for each, with its key, metre, rhythm and number of bars
    model: The model, or its file (default: the one that comes with Lilt)
    threads: Threads to use (default: all cores); the tunes do not depend on it
    """
    return _model_of(model).compose(n=n, tune=tune, like=like, threads=threads, **request)


def stream(
    *,
    n: int | None = None,
    tune: str | Tune | None = None,
    like: str | Tune | Iterable[Tune] | None = None,
    model: Model | str | os.PathLike[str] | None = None,
    threads: int | None = None,
    **request: Unpack[Request],
) -> Iterator[Tune]:
    """As compose(), but the tunes one by one as they come."""
    return _model_of(model).stream(n=n, tune=tune, like=like, threads=threads, **request)


compose.__doc__ = f"{(compose.__doc__ or '').rstrip()}\n{REQUEST_HELP}\n"
