"""Tunes: text, music, and what programs make of them."""

from __future__ import annotations

import functools
import json
import os
from base64 import b64encode
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _arguments, _core
from ._errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# The columns of `Tune.notes`, as src/tunes.cc fills them.
_NOTE = [
    ("start", "f8"),
    ("duration", "f8"),
    ("onset", "f8"),
    ("length", "f8"),
    ("pitch", "u1"),
    ("velocity", "u1"),
    ("voice", "u2"),
    ("begin", "u4"),
    ("end", "u4"),
    ("role", "U6"),
]


class Diagnostic(NamedTuple):
    """Something wrong with a tune."""

    line: int
    """From 1."""
    column: int
    """In characters, from 1."""
    severity: str
    """"error" or "warning"."""
    code: str
    """Its name for programs, such as "bar-too-long"."""
    message: str
    """What was expected, and what was found."""

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.message}"


def _diagnostics(text: bytes) -> list[Diagnostic]:
    return [
        Diagnostic(found.line, found.column, found.severity, found.code, found.message)
        for found in _core.check(text)
    ]


def _rendering(
    instrument: str | int, tempo: float | None, paper: str = "a4", sound_font: str = ""
) -> _core.Rendering:
    name = str(instrument) if isinstance(instrument, int) else instrument
    return _core.Rendering(
        _arguments.text("instrument", name),
        None if tempo is None else _arguments.number("tempo", tempo),
        _arguments.text("paper", paper),
        _arguments.text("sound_font", sound_font),
    )


class Tune:
    """A tune in ABC notation, read once. lilt.read() and lilt.compose() make tunes.

    A notebook shows its score and plays it, where abcm2ps and fluidsynth are installed.
    """

    __slots__ = ("_music", "__dict__")

    def __init__(self, abc: str) -> None:
        """Reads one tune. Raises InputError where the text has none, or several."""
        tunes = _core.read(_arguments.text("abc", abc).encode())
        if len(tunes) != 1:
            many = f"{len(tunes)} of them; lilt.read() reads several" if tunes else "none"
            raise InputError(f"expected a tune, which begins with a line such as X:1; found {many}")
        self._music: _core.Music = tunes[0]

    @classmethod
    def _of(cls, music: _core.Music) -> Tune:
        tune = cls.__new__(cls)
        tune._music = music
        return tune

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.abc, self._music.details)

    def __eq__(self, other: object) -> bool:
        return self.abc == other.abc if isinstance(other, Tune) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.abc)

    def __str__(self) -> str:
        return self.abc

    def __repr__(self) -> str:
        return f"<lilt.Tune {self.title!r}, {self.rhythm or 'tune'} in {self.key}, {self.meter}>"

    # What it is

    @functools.cached_property
    def abc(self) -> str:
        """Its text in ABC notation; of a tune that was composed, it ends with an empty line."""
        return self._music.text

    def _field(self, letter: str) -> str:
        return self._music.field(letter)

    @property
    def title(self) -> str:
        """Its first title (T:), or ""."""
        return self._field("T")

    @property
    def key(self) -> str:
        """Its key, as the K: field has it."""
        return self._field("K")

    @property
    def meter(self) -> str:
        """Its metre, as the M: field has it."""
        return self._field("M")

    @property
    def rhythm(self) -> str:
        """What kind of tune it is: the text of R:, or ""."""
        return self._field("R")

    # What is known of it, where it was composed

    @functools.cached_property
    def details(self) -> dict[str, Any]:
        """What is known of a tune that was composed, as `lilt compose --json` tells it: number, seed,
        bits_per_note, drawn, plan, and with `report=True` figures of likeness. Else empty."""
        known: dict[str, Any] = json.loads(self._music.details or "{}")
        known.pop("abc", None)
        return known

    @property
    def seed(self) -> int | None:
        """The seed that gives it again as the only tune; None where it was not composed."""
        return self.details.get("seed")

    @property
    def bits_per_note(self) -> float | None:
        """What it costs the model that composed it; None where it was not composed."""
        return self.details.get("bits_per_note")

    @property
    def plan(self) -> dict[str, Any] | None:
        """The plan that it was composed to; `form=json.dumps(tune.plan)` asks for it again."""
        return self.details.get("plan")

    # What comes of it

    def check(self) -> list[Diagnostic]:
        """What is wrong with it, in the order of the text: of tunes that Lilt composes, nothing."""
        return _diagnostics(self.abc.encode())

    def canonical(self) -> Tune:
        """The tune in Lilt's one way of writing each."""
        return Tune._of(self._music.canonical())

    def transpose(self, semitones: int) -> Tune:
        """The tune sounding that many semitones higher, in canonical text."""
        if not isinstance(semitones, int):
            raise _arguments.wrong("semitones", "a whole number", semitones)
        return Tune._of(self._music.transposed(max(-99, min(99, semitones))))

    def render(
        self,
        kind: str,
        *,
        instrument: str | int = "flute",
        tempo: float | None = None,
        paper: str = "a4",
        sound_font: str | os.PathLike[str] = "",
    ) -> bytes:
        """The bytes of a file: "abc", "musicxml", "mid", "svg", "png", "pdf", "wav", "flac", "ogg" or
        "mp3".

        `instrument` is one of folk music ("fiddle"), a name of General MIDI or a number from 1 to
        128; `tempo` is in beats a minute. Sheet music needs abcm2ps (and rsvg-convert where it is
        not SVG), recordings fluidsynth, a SoundFont and sndfile-convert: an OSError says what is
        missing.
        """
        font = os.fspath(sound_font) if isinstance(sound_font, os.PathLike) else sound_font
        rendering = _rendering(instrument, tempo, paper, font)
        return self._music.render(_arguments.text("kind", kind), rendering)

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        instrument: str | int = "flute",
        tempo: float | None = None,
    ) -> None:
        """Writes a file, of which the ending tells the kind: see render()."""
        kind = os.path.splitext(os.fspath(path))[1].removeprefix(".")
        made = self.render(kind, instrument=instrument, tempo=tempo)
        with open(path, "wb") as file:
            file.write(made)

    @property
    def midi(self) -> bytes:
        """A standard MIDI file: the melody, repeats played out, and an accompaniment made from its
        chord symbols. render("mid") takes an instrument and a tempo."""
        return self.render("mid")

    @property
    def musicxml(self) -> str:
        """MusicXML 4.0, for programs for sheet music and for music21."""
        return self.render("musicxml").decode()

    @property
    def notes(self) -> npt.NDArray[np.void]:
        """Every note as it sounds, repeats played out, as a structured array of NumPy's.

        `start` and `duration` are in seconds, `onset` and `length` in quarter notes; `pitch` and
        `velocity` are MIDI's, `role` is "melody", "bass" or "chords", `voice` counts from 0, and
        `abc[begin:end]` is where the note is written. Ordered by onset.
        """
        return self.play()

    def play(
        self, *, instrument: str | int = "flute", tempo: float | None = None
    ) -> npt.NDArray[np.void]:
        """`notes`, in another tempo."""
        import numpy as np

        return np.frombuffer(self._music.notes(_rendering(instrument, tempo)), np.dtype(_NOTE, align=True))

    # What notebooks show

    @functools.cached_property
    def _svg(self) -> str | None:
        return self._made("svg", lambda made: made.decode())

    @functools.cached_property
    def _sound(self) -> str | None:
        return self._made("mp3", lambda made: b64encode(made).decode())

    def _made(self, kind: str, text_of: Any) -> str | None:
        try:
            return str(text_of(self.render(kind)))
        except (OSError, InputError):  # no such program; no notes
            return None

    def _repr_svg_(self) -> str | None:
        return self._svg

    def _repr_html_(self) -> str:
        import html

        # Without the declarations of a file, which are nothing within a page.
        score = self._svg and self._svg[self._svg.index("<svg") :]
        shown = score or f"<pre>{html.escape(self.abc)}</pre>"
        if self._sound:
            sound = f"data:audio/mpeg;base64,{self._sound}"
            shown += f'\n<audio controls preload="none" src="{sound}"></audio>'
        return f"<div>{shown}</div>"


def _restored(abc: str, details: str) -> Tune:
    return Tune._of(_core.restored(abc, details))


def read(source: str | bytes | os.PathLike[str]) -> list[Tune]:
    """The tunes of a text in ABC notation, of its bytes, or of the file at a path (pathlib.Path).

    Any text can be read; Tune.check() says what is wrong with a tune. A text without tunes has
    none: an empty list.
    """
    return [Tune._of(music) for music in _core.read(_book(source))]


def check(source: str | bytes | os.PathLike[str]) -> list[Diagnostic]:
    """What is wrong with the tunes of a text, its bytes, or the file at a path (pathlib.Path)."""
    return _diagnostics(_book(source))


def _book(source: object) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, str):
        return _arguments.text("source", source).encode()
    if isinstance(source, os.PathLike):
        with open(source, "rb") as file:
            return file.read()
    raise _arguments.wrong("source", "a text, bytes, or a pathlib.Path", source)
