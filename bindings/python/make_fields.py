"""Writes lilt/_fields.py: what can be asked for, as types of keyword arguments, from the extension
module, which has it from the structs that declare it.

make_fields.py FOLDER FILE: FOLDER has the extension module.
"""

import keyword
import sys
import textwrap

# Those that have parameters of their own in Python.
SPELT_OUT = {"number", "tune", "files", "from"}


def described(field):
    usual = {"on": "True", "off": "False"}[field.usual] if field.type == "bool" else field.usual
    notes = [field.bounds, f"default: {usual}" if usual else ""]
    note = ", ".join(filter(None, notes))
    return field.help + (f" ({note})" if note else "")


def class_of(name, summary, fields):
    lines = [f"class {name}(TypedDict, total=False):", f'    """{summary}"""', ""]
    for field in fields:
        if field.name in SPELT_OUT:
            continue
        argument = field.name + "_" * keyword.iskeyword(field.name)
        lines += textwrap.wrap(described(field), 96, initial_indent="    # ", subsequent_indent="    # ")
        lines.append(f"    {argument}: {field.type} | None")
    return "\n".join(lines)


def help_of(name, fields):
    """For a docstring, indented as such."""
    lines = []
    for field in fields:
        if field.name in SPELT_OUT:
            continue
        argument = field.name + "_" * keyword.iskeyword(field.name)
        lines += textwrap.wrap(f"    {argument}: {described(field)}", 92, subsequent_indent=" " * 8)
    return f"{name} = {chr(10).join(lines)!r}"


def main():
    sys.path.insert(0, sys.argv[1])
    import _core

    request, training = _core.request_fields(), _core.training_fields()
    text = "\n\n\n".join([
        '"""Made by bindings/python/make_fields.py. What can be asked for, as keyword arguments."""',
        "from collections.abc import Sequence\nfrom typing import Literal, TypedDict",
        class_of("Request", "What lilt.compose() takes.", request),
        class_of("TrainingOptions", "What lilt.train() takes.", training),
        help_of("REQUEST_HELP", request) + "\n" + help_of("TRAINING_HELP", training) + "\n",
    ])
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(text)


main()
