#!/bin/sh
# install_test.sh PYTHON BUILD: the files of the wheel, in a folder of their own, are all that it takes.
# Skipped, with exit code 77, where the package was not built.
set -eu
python=$1 build=$2
if [ -z "$python" ]; then
  echo 'skipped: the Python package was not built; that needs python3-dev, python3-venv and PyPI'
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cmake --install "$build" --component python --prefix "$work" >/dev/null
cd "$work"
for file in _core.pyi _fields.py py.typed folk.safetensors; do test -s "lilt/$file" || test "$file" = py.typed; done
env -i "$python" -B - "$work" <<'END'
import sys

sys.path.insert(0, sys.argv[1])
import lilt

assert lilt.__file__.startswith(sys.argv[1]), lilt.__file__
assert "numpy" not in sys.modules, "NumPy is read when it is needed"
tunes = lilt.compose(key="D", meter="6/8", n=2, best_of=1)
assert [tune.key for tune in tunes] == ["D", "D"] and not tunes[0].check()
assert len(tunes[0].notes) > 20
END
