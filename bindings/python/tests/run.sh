#!/bin/sh
# run.sh PYTHON PACKAGE PROGRAM SOURCE NAME: runs test_NAME.py of the Python package, which is built
# in the folder PACKAGE, beside the program of the command line; or `types`: mypy. Skipped, with exit
# code 77, where there was nothing to build it with.
set -eu
python=$1 package=$2 source=$4 name=$5
tests=$source/bindings/python/tests
if [ -z "$python" ]; then
  echo 'skipped: the Python package was not built; that needs python3-dev, python3-venv and PyPI'
  exit 77
fi
export LILT_PROGRAM="$3" LILT_MODEL="$source/models/folk.safetensors"
export PYTHONPATH="$package" PYTHONDONTWRITEBYTECODE=1
cd "$tests"
if [ "$name" = types ]; then
  export MYPYPATH="$package"
  exec "$python" -m mypy --strict --cache-dir "$package/../mypy_cache" "$package/lilt" "$tests"/*.py
fi
exec "$python" -X faulthandler -W error::ResourceWarning -m unittest "test_$name"
