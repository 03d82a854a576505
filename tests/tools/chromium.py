"""A headless Chromium, driven by its own protocol through a pipe: what a reader of a page sees, without a network.

No driver is installed for it: messages of the DevTools protocol are JSON, parted by a zero byte.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# No screen, no sandbox (CI runs as root), nothing that asks a network by itself.
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--hide-scrollbars", "--force-device-scale-factor=1", "--remote-debugging-pipe",
)  # fmt: skip
TIMEOUT_S = 60.0
# Inches: US Letter and A4.
LETTER, A4 = (8.5, 11.0), (8.27, 11.69)
# What is part of the page is no request.
OWN_SCHEMES = ("data:", "about:")


def program() -> str | None:
    """Where Chromium is; None where it is not installed."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Chromium:
    """One browser with one page."""

    def __init__(self, process: subprocess.Popen[bytes], to_browser: int, from_browser: int) -> None:
        self._process = process
        self._out, self._in = to_browser, from_browser
        self._held = b""
        self._number = 0
        self._session: str | None = None
        # addresses that the page asked for, and everything that was said on its console
        self.requests: list[str] = []
        self.said: list[str] = []
        self._loaded = False
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime", "Security"):
            self._call(f"{domain}.enable")

    def open(self, path: Path, width: int = 1280, height: int = 900, *, dark: bool = False) -> None:
        """Show a file in a window of that size and theme."""
        self.requests, self.said, self._loaded = [], [], False
        self.resize(width, height)
        self.theme("dark" if dark else "light")
        self._call("Page.navigate", url=path.as_uri())
        until = time.monotonic() + TIMEOUT_S
        while not self._loaded:
            self._read(until)
        self.evaluate("document.fonts.ready.then(() => true)")

    def resize(self, width: int, height: int) -> None:
        """The window's size in pixels; no phone is emulated, whose window would grow with what sticks out of it."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def theme(self, scheme: str, medium: str = "") -> None:
        """`light` or `dark`, on a screen or as `print`."""
        self._call(
            "Emulation.setEmulatedMedia", media=medium, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )

    def evaluate(self, script: str) -> Any:
        """The value of a script's expression, a promise waited for."""
        answer = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """A key, such as Tab or Enter."""
        codes = {"Tab": 9, "Enter": 13}
        text = {"text": "\r"} if key == "Enter" else {}
        common = {"key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
        self._call("Input.dispatchKeyEvent", type="keyDown", **common, **text)
        self._call("Input.dispatchKeyEvent", type="keyUp", **common)

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """The whole page as a PNG, or what the window shows of it."""
        area = {}
        if whole:
            height = self.evaluate("document.documentElement.scrollHeight")
            width = self.evaluate("innerWidth")
            area = {"clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}}
        taken = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **area)
        path.write_bytes(base64.b64decode(taken["data"]))

    def tree(self) -> list[dict[str, Any]]:
        """What a screen reader is given: the nodes of the accessibility tree."""
        nodes = self._call("Accessibility.getFullAXTree")["nodes"]
        return [node for node in nodes if not node.get("ignored")]

    def pdf(self, path: Path, paper: tuple[float, float] = LETTER) -> None:
        """The page as it is printed."""
        printed = self._call(
            "Page.printToPDF", paperWidth=paper[0], paperHeight=paper[1], printBackground=False, preferCSSPageSize=True
        )
        path.write_bytes(base64.b64decode(printed["data"]))

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        number = self._number
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + TIMEOUT_S
        while True:
            told = self._read(until)
            if told.get("id") == number:
                if "error" in told:
                    raise AssertionError(f"{method}: {told['error']}")
                return told["result"]  # type: ignore[no-any-return]

    def _read(self, until: float) -> dict[str, Any]:
        """The next message; events are noted on the way."""
        while b"\0" not in self._held:
            ready, _, _ = select.select([self._in], [], [], max(0.0, until - time.monotonic()))
            piece = os.read(self._in, 1 << 20) if ready else b""
            if not piece:
                raise AssertionError("Chromium does not answer.")
            self._held += piece
        raw, _, self._held = self._held.partition(b"\0")
        told: dict[str, Any] = json.loads(raw)
        self._note(told.get("method", ""), told.get("params", {}))
        return told

    def _note(self, event: str, told: dict[str, Any]) -> None:
        match event:
            case "Page.loadEventFired":
                self._loaded = True
            case "Network.requestWillBeSent":
                if not told["request"]["url"].startswith(OWN_SCHEMES):
                    self.requests.append(told["request"]["url"])
            case "Log.entryAdded":
                self.said.append(f"{told['entry']['level']}: {told['entry']['text']}")
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown":
                self.said.append(json.dumps(told))


@contextmanager
def chromium() -> Iterator[Chromium]:
    """A browser of its own with an empty profile, ended at the end."""
    path = program()
    assert path is not None, "Chromium is not installed."
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    # Chromium reads from descriptor 3 and writes to 4, whatever they are here: the shell puts them there.
    shell = f'exec "$0" "$@" 3<&{to_read} 4>&{from_write}'
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            ["bash", "-c", shell, path, *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(to_read, from_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(from_write)
        try:
            yield Chromium(process, to_write, from_read)
        finally:
            os.close(to_write)
            os.close(from_read)
            process.terminate()
            process.wait(TIMEOUT_S)
