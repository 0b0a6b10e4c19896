"""Learning models."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _arguments, _core
from ._fields import TRAINING_HELP

if TYPE_CHECKING:
    from typing import Unpack

    from ._fields import TrainingOptions


class Epoch(NamedTuple):
    """An epoch of a training run: a line of logs/training_log.csv."""

    epoch: int
    """From 1."""
    loss: float
    """Mean cross-entropy in nats, dropout on."""
    accuracy: float
    """Share of characters predicted right, dropout on."""
    bits_per_character: float | None
    """Of the validation; None where there is none."""
    bits_per_note: float | None
    """Likewise."""
    learning_rate: float
    """Of the last update."""
    updates: int
    """Of the run so far."""
    characters_per_second: float
    seconds: float
    """Of this epoch, validation included."""
    is_best: bool
    """Whether its validation is the best so far."""


class Training(Iterator[Epoch]):
    """A training run, which is under way from the first next() on: an iterator over its epochs.

    Ctrl-C while it is waited for, stop(), and letting go of it all end the run with a checkpoint, from
    which `resume=True` goes on to the same bits.
    """

    def __init__(self, lesson: _core.Lesson, on_epoch: Callable[[Epoch], object] | None) -> None:
        self._training = _core.Training(lesson)
        self._on_epoch = on_epoch
        weakref.finalize(self, self._training.stop)  # also where the interpreter ends

    def __iter__(self) -> Training:
        return self

    def __next__(self) -> Epoch:
        try:
            learnt = self._training.next()
        except KeyboardInterrupt:
            self.stop()
            raise
        finally:
            self._tell()
        if learnt is None:
            raise StopIteration
        epoch = Epoch(*(getattr(learnt, name) for name in Epoch._fields))
        if self._on_epoch is not None:
            self._on_epoch(epoch)
        return epoch

    def _tell(self) -> None:
        if messages := self._training.messages():
            import logging

            for message in messages:
                logging.getLogger("lilt").info(message)

    def run(self) -> Path:
        """Goes on to the end, and gives the path of the model: the best one, where the run was
        validated, else the newest."""
        try:
            for _ in self:
                pass
        except KeyboardInterrupt:
            self.stop()
            raise
        if self.model is None:
            raise RuntimeError("the run was stopped before it began")
        return self.model

    def stop(self) -> None:
        """Ends the run, if it is under way, with a checkpoint. Waits for that."""
        self._training.stop()

    @property
    def progress(self) -> dict[str, Any]:
        """How far it is: epoch under way, epochs, share of this epoch that is done, loss and accuracy
        of it so far, characters_per_second and seconds_left of the whole run."""
        state = self._training.state
        names = ("epoch", "epochs", "done", "loss", "accuracy", "characters_per_second", "seconds_left")
        return {name: getattr(state, name) for name in names}

    @property
    def ending(self) -> str | None:
        """"finished", "stopped early" (`patience`), "interrupted"; None while it is under way."""
        return self._training.summary.ending if self._training.summary else None

    @property
    def model(self) -> Path | None:
        """The path of the model, once the run has ended."""
        return Path(self._training.summary.model) if self._training.summary else None


def train(
    files: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
    *,
    preset: str = "classic",
    on_epoch: Callable[[Epoch], object] | None = None,
    out: str | os.PathLike[str] = ".",
    resume: bool = False,
    from_: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    **options: Unpack[TrainingOptions],
) -> Training:
    """Learns a model from files of tunes: an iterator over the epochs of the run.

    >>> for epoch in lilt.train(["mine.abc"], preset="folk", epochs=5, out="run"):
    ...     print(epoch.loss)

    As `lilt train`, whose options these are, with the same checkpoints and logs in the folder `out`.
    What is wrong with the options is raised at once; the run begins when it is iterated over, or with
    lilt.train(…).run(). Python's lock is released while it learns.

    preset: The recipe: "folk" predicts tunes best, "classic" came first
    on_epoch: Called with each Epoch, by the thread that iterates
    out: Folder for model/ and logs/
    resume: Continue from the newest checkpoint in there
    from_: Go on learning from this model: its network and text, a rate of 0.001, 10 epochs
    threads: Threads to use (default: all cores); the model does not depend on it
    """
    given: dict[str, Any] = dict(options)
    if named := _arguments.paths("files", files):
        given["files"] = named
    elif not resume:
        raise _arguments.wrong("files", "files of tunes", files)
    if from_ is not None:
        given["from"] = _arguments.path("from_", from_)
    if isinstance(given.get("valid"), os.PathLike):
        given["valid"] = os.fspath(given["valid"])
    if on_epoch is not None and not callable(on_epoch):
        raise _arguments.wrong("on_epoch", "a function", on_epoch)
    if not isinstance(resume, bool):
        raise _arguments.wrong("resume", "True or False", resume)
    if not isinstance(out, (str, os.PathLike)):
        raise _arguments.wrong("out", "a path", out)
    lesson = _core.Lesson(
        _arguments.fields_json(given),
        _arguments.text("preset", preset),
        _arguments.text("out", os.fspath(out)),
        resume,
        _arguments.threads(threads),
    )
    return Training(lesson, on_epoch)


train.__doc__ = f"{(train.__doc__ or '').rstrip()}\n{TRAINING_HELP}\n"
