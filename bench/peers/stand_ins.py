"""Lets the PyTorch of PyPI load on a machine without a GPU and without the 3 GB of CUDA libraries that it is linked with.

PyPI has PyTorch for Linux on x86-64 with CUDA only. What it computes on the processor needs nothing of
that, but its libraries do not load where one that they name is missing. So each that is missing gets a
stand-in with the functions that PyTorch names; none of them is called where there is no GPU.
"""

import collections
import pathlib
import re
import subprocess

# Loaded by the libraries below, too; the real one, which is small, tells that there is no GPU.
REAL = "libcudart"
UNVERSIONED = re.compile(r"(cu[A-Z]|cusparseLt|nccl|nvshmem)\w*$")


def _lines(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout.splitlines()


def _needed(library):
    """The NVIDIA libraries that a library names."""
    found = (re.search(r"\(NEEDED\).*\[(lib(?:cu|nv|nccl)[^]]*)\]", line) for line in _lines("readelf", "-d", library))
    return {match[1] for match in found if match} - {None}


def _undefined(library):
    """Names of functions, with their version where they have one."""
    for line in _lines("nm", "-D", "--undefined-only", library):
        name, _, version = line.split()[-1].partition("@")
        yield name, version.lstrip("@")


def make(torch_lib):
    """Writes what is missing into the folder `lib` of torch."""
    torch_lib = pathlib.Path(torch_lib)
    own = [path for path in torch_lib.glob("*.so*") if path.is_file()]
    names = {path.name for path in own}
    missing = {name for library in own for name in _needed(library)} - names
    missing = {name for name in missing if not name.startswith(REAL)}
    functions = collections.defaultdict(set)
    for library in own:
        for name, version in _undefined(library):
            # NVSHMEM is the one whose version is not its library's name.
            home = next((m for m in missing if m.startswith("libnvshmem")), "") if version == "NVSHMEM" else version
            if home in missing:
                functions[home].add((name, version))
            elif not version and UNVERSIONED.match(name):
                functions[""].add((name, ""))
    # Without a version it does not matter which library has a function.
    for number, name in enumerate(sorted(missing)):
        _compile(torch_lib / name, functions[name] | (functions[""] if number == 0 else set()))


def _compile(path, functions):
    """A library of that name; each function answers with an error's number."""
    source = "".join(f"int {name}(void) {{ return 999; }}\n" for name, _ in sorted(functions))
    versions = sorted({version for _, version in functions if version})
    script = path.with_name(path.name + ".map")
    script.write_text("".join(f"{version} {{ global: *; }};\n" for version in versions[:1]))
    command = ["cc", "-shared", "-fPIC", "-fno-builtin", "-x", "c", "-", "-o", path, f"-Wl,-soname,{path.name}"]
    if versions:
        command.append(f"-Wl,--version-script,{script}")
    subprocess.run([str(part) for part in command], input=source, text=True, check=True)
    script.unlink()
