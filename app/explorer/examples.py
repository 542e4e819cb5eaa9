"""Examples: documents that answer the questions of analysts, a file each in the folder `examples`.

The head of a file is two comments, its titles. The values of its variables are their defaults, so it runs as it is.
Files are listed by name.
"""

import re
from importlib import resources
from typing import NamedTuple

HEAD = re.compile(r"# zh: (?P<zh>.+)\n# en: (?P<en>.+)\n")


class Example(NamedTuple):
    """A document and its titles."""

    name: str
    zh: str
    en: str
    query: str


def read(name: str, text: str) -> Example:
    """Read a file; ValueError when its head has not both titles."""
    head = HEAD.match(text)
    if head is None:
        message = f"the example {name} does not begin with its titles, # zh: and # en:"
        raise ValueError(message)
    return Example(name, head["zh"], head["en"], text[head.end() :].strip() + "\n")


def read_all() -> list[Example]:
    """Read the files of the folder, by name."""
    files = (resources.files("app.explorer") / "examples").iterdir()
    return [read(file.name.removesuffix(".graphql"), file.read_text("utf-8")) for file in sorted(files, key=str)]


EXAMPLES = read_all()
