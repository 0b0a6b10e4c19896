"""The examples of the README files run, top to bottom."""

import os
import re
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[3]


class Examples(unittest.TestCase):
    def test_they_run(self) -> None:
        for page in (ROOT / "bindings/python/README.md", ROOT / "README.md"):
            blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
            self.assertTrue(blocks, page)
            before = os.getcwd()
            with self.subTest(page=page), TemporaryDirectory() as folder:
                os.chdir(folder)
                names: dict[str, Any] = {}
                try:
                    for block in blocks:
                        exec(compile(block, str(page), "exec"), names)
                finally:
                    os.chdir(before)


if __name__ == "__main__":
    unittest.main()
