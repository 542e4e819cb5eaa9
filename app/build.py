"""The build: which version of the program runs."""

from importlib.metadata import version

VERSION = version("cadastre")
