"""
Questions and messages to the advisor on a Mac, shown by macOS' own `osascript`.

The scripts are constants. What is shown travels beside them, as arguments, so that no text can become a command.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OSASCRIPT = "/usr/bin/osascript"
TITLE = "rebal_xl"
LONGEST_MESSAGE = 1000

# `run` is given: text, default. What a script returns is the answer; leaving the dialog is an error of osascript.
_HEAD = f'on run argv\ntell me to activate\nset dialogTitle to "{TITLE}"\n'
_JOINED = """set allPaths to {}
repeat with aFile in found
set end of allPaths to POSIX path of (contents of aFile)
end repeat
set AppleScript's text item delimiters to linefeed
return allPaths as text
"""
_FILES = "set found to choose file with prompt (item 1 of argv)"
SCRIPTS = {
    "text": "set found to display dialog (item 1 of argv) default answer (item 2 of argv) with title dialogTitle "
    'buttons {"Cancel", "OK"} default button "OK" cancel button "Cancel"\nreturn text returned of found\n',
    "yesno": "set found to display dialog (item 1 of argv) with title dialogTitle "
    'buttons {"Cancel", "No", "Yes"} default button "No" cancel button "Cancel"\nreturn button returned of found\n',
    "file": f"{_FILES}\nreturn POSIX path of found\n",
    "files": f"{_FILES} with multiple selections allowed\n{_JOINED}",
    "folder": "return POSIX path of (choose folder with prompt (item 1 of argv))\n",
    "tell": 'display alert dialogTitle message (item 1 of argv) as informational buttons {"OK"} default button "OK"\n',
    "warn": 'display alert dialogTitle message (item 1 of argv) as warning buttons {"OK"} default button "OK"\n',
}


def script(kind: str) -> str:
    """The whole script of a kind of dialog: text, yesno, file, files, folder, tell or warn; others are texts."""
    return f"{_HEAD}{SCRIPTS.get(kind, SCRIPTS['text'])}end run\n"


def osascript(source: str, words: Sequence[str]) -> str | None:
    """Run a script with words as its arguments; what it returns, None where the dialog was left or could not show."""
    try:
        ran = subprocess.run([OSASCRIPT, "-", *words], input=source, capture_output=True, encoding="utf-8", check=False)
    except OSError:
        return None
    return ran.stdout.removesuffix("\n") if ran.returncode == 0 else None


@dataclass(frozen=True, slots=True)
class Dialogs:
    """The advisor, as far as dialogs reach."""

    show: Callable[[str, Sequence[str]], str | None] = osascript

    def ask(self, kind: str, prompt: str, default: str = "") -> str:
        """Ask for a text, yesno, file, files (one a line) or folder; "" when the advisor leaves the question."""
        told = self.show(script(kind), [shortened(prompt), default]) or ""
        return told.lower() if kind == "yesno" else told

    def tell(self, sentence: str) -> None:
        """Say how it went; "" is silence."""
        self._say("tell", sentence)

    def warn(self, sentence: str) -> None:
        """Say what went wrong."""
        self._say("warn", sentence)

    def _say(self, kind: str, sentence: str) -> None:
        if sentence:
            self.show(script(kind), [shortened(sentence), ""])


def shortened(sentence: str, most: int = LONGEST_MESSAGE) -> str:
    """A text that says where it was cut off."""
    return sentence if len(sentence) <= most else f"{sentence[: most - 4]} ..."
