"""Lilt: composes folk tunes in ABC notation, every one correct, with an LSTM that learnt them.

>>> import lilt
>>> for tune in lilt.compose(key="D", meter="6/8", n=3):
...     print(tune.abc)

A tune has `.abc`, `.midi`, `.musicxml`, `.notes` (a structured array of NumPy's) and `.check()`; a
notebook shows its score and plays it.
"""

from ._core import version
from ._errors import Error, InputError, RequestError
from ._measuring import compare, evaluate
from ._model import Model, compose, default_model, stream
from ._training import Epoch, Training, train
from ._tune import Diagnostic, Tune, check, read

__version__ = version()

__all__ = [
    "Diagnostic",
    "Epoch",
    "Error",
    "InputError",
    "Model",
    "RequestError",
    "Training",
    "Tune",
    "__version__",
    "check",
    "compare",
    "compose",
    "default_model",
    "evaluate",
    "read",
    "stream",
    "train",
]
