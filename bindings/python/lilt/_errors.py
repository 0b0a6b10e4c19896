"""What is raised when input is not what it should be.

A file that is missing, a full disk or a program that is not there is an OSError.
"""


class Error(ValueError):
    """Input that is not what it should be: the text says what was expected and what was found."""

    field: str
    """The keyword argument or the part of the input that is wrong, or ""."""
    line: int | None
    """The line in which it was found, from 1, where that is known."""

    def __init__(self, message: str, field: str = "", line: int | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.line = line


class InputError(Error):
    """A text, a tune or a model that is not what it should be."""


class RequestError(Error):
    """An argument that is unknown, or that cannot be; `field` says which."""
