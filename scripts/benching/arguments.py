"""The arguments of `scripts/bench`; this module needs no package, so --help answers before anything is installed."""

import argparse
from pathlib import Path

from own_python import ROOT

PAGE = ROOT / "docs" / "performance.md"


def arguments(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Parse the command line."""
    parser.add_argument("--quick", action="store_true", help="two minutes instead of ten, after the preparation")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to a file")
    parser.add_argument("--write-docs", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    parser.add_argument("--profile", action="store_true", help="only print the functions that take the most time")
    parser.add_argument("--lists", action="store_true", help="only ask for lists and pages, and print the slowest")
    parser.add_argument("--pages", action="store_true", help="only ask for pages by number, and print the slowest")
    parser.add_argument("--edges", action="store_true", help="only ask for lists that are filtered by edges")
    parser.add_argument("--data-dir", type=Path, default=ROOT / ".cadastre" / "bench", help="default: .cadastre/bench")
    parser.add_argument(
        "--database-url", help="a migrated database with generated data, instead of one that is prepared here"
    )
    return parser.parse_args()
