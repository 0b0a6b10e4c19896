#!/usr/bin/env python3
"""What bench/peers/run writes of measured figures, without measuring any."""

import ast
import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

PEERS = pathlib.Path(__file__).resolve().parents[2] / "bench/peers"
sys.path.insert(0, str(PEERS))
sys.dont_write_bytecode = True
import page  # noqa: E402

RESULTS = {
    "machine": {"processor": "A Processor", "cores": 2, "features": "AVX2", "system": "Debian",
                "versions": {"PyTorch": "1.0", "Python": "3.11"}},
    "sections": {
        "many-streams": {
            "date": "2026-11-27",
            "rounds": {"Lilt composing, 8 bits": [300_000, 200_000, 250_000], "Peer": [100_000, 100_000, 50_000]},
            "failed": {"Other": "no answer within 240 s"},
        },
        "training-16-1": {"date": "2026-11-26", "rounds": {"Lilt": [20, 25], "Peer": [50, 50]}},
        "size": {"date": "2026-11-26", "rounds": {"Lilt": [8.125]}},
    },
}


class Page(unittest.TestCase):
    def setUp(self):
        self.written = page.write(RESULTS)

    def test_rows_are_medians_and_ranges_and_ratios_of_rounds(self):
        self.assertIn("| Lilt | 22.5 (20.0–25.0) |  |\n| Peer | 50.0 (50.0–50.0) | 2.25 (2.00–2.50) |\n", self.written)

    def test_where_more_is_better_a_slow_peer_has_a_high_ratio(self):
        self.assertIn("| Peer | 100,000 (50,000–100,000) | 3.00 (2.00–5.00) |", self.written)

    def test_one_value_has_no_range(self):
        self.assertIn("| Lilt | 8.12 |  |", self.written)

    def test_who_failed_says_why(self):
        self.assertIn("| Other | no answer within 240 s | |", self.written)

    def test_sections_stand_in_their_order_under_what_was_measured(self):
        self.assertLess(self.written.index("2026-11-26 to 2026-11-27; 2 cores of A Processor (AVX2), Debian; "
                                           "PyTorch 1.0, Python 3.11; up to 3 rounds."),
                        self.written.index("### Training, batch 16, 1 thread"))
        self.assertLess(self.written.index("### Training"), self.written.index("### Many streams"))

    def test_without_lilt_there_are_no_ratios(self):
        alone = page.table("training-16-1", {"rounds": {"Peer": [50, 50]}})
        self.assertIn("| Peer | 50.0 (50.0–50.0) |  |", alone)

    def test_only_what_stands_between_the_marks_is_replaced(self):
        by_hand = "# How fast\n"
        once = page.put_into(by_hand, "\nold\n")
        self.assertEqual(once, f"# How fast\n\n{page.BEGIN}\nold\n{page.END}\n")
        self.assertEqual(page.put_into(once + "\n## More\n", self.written).replace(self.written.strip("\n"), "old"),
                         once + "\n## More\n")
        with self.assertRaises(ValueError):
            page.put_into(page.BEGIN, "text")

    def test_the_page_of_the_repository_has_the_marks(self):
        found = (PEERS.parents[1] / "docs/benchmarks.md").read_text(encoding="utf-8")
        self.assertEqual(found.count(page.BEGIN), 1)
        self.assertEqual(found.partition(page.BEGIN)[2].count(page.END), 1)


class Contender:
    """Says what it is told to say, a value or an error a turn."""

    def __init__(self, name, *answers):
        self.name, self.answers = name, list(answers)

    def prepare(self):
        self.turn(0)

    def turn(self, _):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {self.name: answer}


class Rounds(unittest.TestCase):
    def test_who_fails_is_told_and_the_others_go_on(self):
        loader = importlib.machinery.SourceFileLoader("run", str(PEERS / "run"))
        run = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
        loader.exec_module(run)
        run.say = lambda text: None
        contenders = [
            Contender("steady", 0, 1, 2),
            Contender("never ready", KeyError("a|b")),
            Contender("soon gone", 0, 1, RuntimeError("ended,\nsee the log")),
        ]
        values, failed = run.rounds_of(contenders, 2, 0)
        self.assertEqual(values, {"steady": [1, 2]})
        self.assertEqual(failed, {"never ready": "failed: 'a/b'", "soon gone": "failed: ended, see the log"})


class Programs(unittest.TestCase):
    def test_every_program_can_be_read(self):
        for path in [PEERS / "run", *PEERS.glob("*.py")]:
            ast.parse(path.read_text(encoding="utf-8"), path)

    def test_requirements_have_two_parts(self):
        parts = (PEERS / "requirements.txt").read_text(encoding="utf-8").split("# ---")
        self.assertEqual(len(parts), 3)
        self.assertIn("torch==", parts[1])
        self.assertNotIn("torch==", parts[2])


if __name__ == "__main__":
    unittest.main()
