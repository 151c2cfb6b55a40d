"""How the documents are built: `make docs`."""

from kasa import __version__

project = "kasa"
author = "The kasa authors"
copyright = "The kasa authors"  # noqa: A001  # Sphinx asks for this name
release = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "kasa"
myst_heading_anchors = 3
exclude_patterns = ["_build"]
