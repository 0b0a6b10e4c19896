"""What notebooks show, with the programs for it and without."""

import os
import shutil
import unittest
from unittest import mock

import lilt

TUNE = "X:1\nT:A & B\nM:4/4\nL:1/8\nK:C\nCDEF GABc|]\n"


class Notebook(unittest.TestCase):
    @unittest.skipUnless(shutil.which("abcm2ps"), "abcm2ps is not here")
    def test_a_score(self) -> None:
        svg = lilt.Tune(TUNE)._repr_svg_()
        assert svg is not None
        self.assertIn("<svg", svg)
        self.assertTrue(lilt.Tune(TUNE)._repr_html_().startswith("<div><svg"))

    @unittest.skipUnless(shutil.which("fluidsynth"), "fluidsynth is not here")
    def test_a_recording(self) -> None:
        self.assertIn('<audio controls preload="none" src="data:audio', lilt.Tune(TUNE)._repr_html_())

    def test_text_without_the_programs(self) -> None:
        with mock.patch.dict(os.environ, {"PATH": "/nowhere"}):
            tune = lilt.Tune(TUNE)
            self.assertIsNone(tune._repr_svg_())
            self.assertEqual(tune._repr_html_(), f"<div><pre>{TUNE.replace('&', '&amp;')}</pre></div>")
            with self.assertRaises(OSError) as raised:
                tune.render("svg")
            self.assertIn("abcm2ps", str(raised.exception))


if __name__ == "__main__":
    unittest.main()
