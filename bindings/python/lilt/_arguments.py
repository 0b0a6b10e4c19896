"""What was given, as the library takes it."""

import json
import keyword
import math
import operator
import os
from collections.abc import Mapping, Sequence
from typing import Any, SupportsFloat, SupportsIndex

from ._errors import RequestError

def found(value: object) -> str:
    """A value as errors show it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def wrong(field: str, expected: str, value: object) -> RequestError:
    return RequestError(f"{field}: expected {expected}, found {found(value)}", field)


def plain(field: str, value: object) -> Any:
    """A value as JSON has it: texts, numbers of any library, lists."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(field, value)
    if isinstance(value, SupportsIndex):
        return operator.index(value)
    if isinstance(value, (list, tuple)):
        return [plain(field, element) for element in value]
    if isinstance(value, SupportsFloat):
        return number(field, value)
    if type(value).__name__ in ("bool_", "bool"):  # NumPy's
        return bool(value)
    raise wrong(field, "a text, a number, or a list of them", value)


def number(field: str, value: object) -> float:
    """A finite number."""
    if isinstance(value, SupportsFloat) and not isinstance(value, (str, bool)):
        try:
            as_float = float(value)
        except (TypeError, ValueError, OverflowError):
            raise wrong(field, "a number", value) from None
        if math.isfinite(as_float):
            return as_float
    raise wrong(field, "a number", value)


def text(field: str, value: object) -> str:
    """A text that can be written in UTF-8."""
    if not isinstance(value, str):
        raise wrong(field, "a text", value)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise wrong(field, "a text in Unicode", value) from None
    return value


def count(field: str, value: object, most: int) -> int:
    """A whole number from 1 on."""
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        whole = operator.index(value)
        if 1 <= whole <= most:
            return whole
    raise wrong(field, f"a whole number of 1 to {most}", value)


def threads(value: object) -> int:
    """How many threads: as many as there are cores, unless told otherwise."""
    return (os.cpu_count() or 1) if value is None else count("threads", value, 1024)


def fields_json(given: Mapping[str, object]) -> str:
    """Fields as JSON. What is None is left out."""
    members = {
        field_name(name): plain(name, value) for name, value in given.items() if value is not None
    }
    return json.dumps(members)


def field_name(argument: str) -> str:
    """The field of an argument: `continue` of `continue_`, as Python's own words are no arguments."""
    word = argument.removesuffix("_")
    return word if keyword.iskeyword(word) else argument


def path(field: str, value: object) -> str:
    """The path of a file that is there. Raises an OSError where it is not."""
    if not isinstance(value, (str, os.PathLike)):
        raise wrong(field, "a path", value)
    name = os.fspath(value)
    if not isinstance(name, str):
        raise wrong(field, "a path as text", value)
    with open(text(field, name), "rb"):
        pass
    return "./-" if name == "-" else name  # the library means standard input by that


def paths(field: str, value: object) -> list[str]:
    """One path, or several."""
    if isinstance(value, (str, os.PathLike)):
        return [path(field, value)]
    if not isinstance(value, Sequence) or isinstance(value, bytes):
        raise wrong(field, "a path or a list of paths", value)
    return [path(field, each) for each in value]
