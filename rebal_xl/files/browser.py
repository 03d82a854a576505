"""Showing a file in the program that the machine shows such files with: for an HTML page, the browser."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path


def show(path: Path) -> bool:
    """Open a file for the user to look at; False where the machine has nothing to show it with."""
    try:
        if sys.platform == "win32":
            os.startfile(path)
            return True
        return webbrowser.open(path.resolve().as_uri())
    except (OSError, webbrowser.Error):
        return False
