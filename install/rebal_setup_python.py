"""Which Python can carry rebal_xl, how its steps are run, and what their failures mean: the pure part of install.py.

Standard library only, like all of the installer.
"""

import importlib.util
import platform
import re
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass

OLDEST, NEWEST = (3, 11), (3, 14)
GET_PYTHON = (
    "Install 64-bit Python 3.13 from https://www.python.org/downloads/windows/ for yourself alone, with its standard "
    "choices, and start install.bat again."
)
# Variables that say how to reach a registry or where to cache. They are the user's business and stay;
# every other PIP_ and UV_ variable could redirect or alter the installation and is dropped.
KEPT_INSTALLER_VARIABLES = re.compile(
    r"PIP_((EXTRA_)?INDEX_URL|FIND_LINKS|NO_INDEX|TRUSTED_HOST|(CLIENT_)?CERT|PROXY|RETRIES|(DEFAULT_)?TIMEOUT"
    r"|CACHE_DIR|NO_CACHE_DIR|CONFIG_FILE|KEYRING_PROVIDER|DISABLE_PIP_VERSION_CHECK)"
    r"|UV_((DEFAULT_|EXTRA_)?INDEX(_.*)?|FIND_LINKS|NO_INDEX|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS|KEYRING_PROVIDER"
    r"|OFFLINE|HTTP_TIMEOUT|CACHE_DIR|NO_CACHE|CONFIG_FILE)"
)
OTHER_PLACES = {"PIP_FIND_LINKS", "PIP_NO_INDEX"}
# These change neither what is imported nor what the code answers.
KEPT_PYTHON_VARIABLES = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONUNBUFFERED"}
DROPPED_VARIABLES = {"VIRTUAL_ENV", "CONDA_PREFIX", "MYPYPATH", "__PYVENV_LAUNCHER__"}


@dataclass(frozen=True)
class Facts:
    """What matters of the Python that runs this."""

    implementation: str
    version: tuple[int, int]
    # sysconfig's name of what it was built for: win-amd64, win32, win-arm64
    platform: str
    # its executable and the folder of its library
    places: tuple[str, ...]
    free_threaded: bool
    makes_environments: bool

    @classmethod
    def here(cls) -> "Facts":
        """Those of this process."""
        return cls(
            platform.python_implementation(),
            sys.version_info[:2],
            sysconfig.get_platform(),
            (sys.executable, sys.base_prefix, str(getattr(sys, "_base_executable", ""))),
            bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
            all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")),
        )


def refusal(facts: Facts) -> str | None:
    """Why this Python cannot be used, with what to do; None when it can."""
    have = ".".join(map(str, facts.version))
    if facts.implementation != "CPython":
        return f"rebal_xl needs the ordinary Python (CPython), and this is {facts.implementation}. {GET_PYTHON}"
    if not OLDEST <= facts.version <= NEWEST:
        return f"rebal_xl needs Python 3.11 to 3.14, and this is {have}. {GET_PYTHON}"
    if facts.free_threaded:
        return f"This is the free-threaded build of Python {have}, for which packages are missing. {GET_PYTHON}"
    if any("\\windowsapps\\" in f"{place.lower()}\\" for place in facts.places):
        return (
            "This is the Python of the Microsoft Store. Windows hides from Excel what it writes into your folder "
            f"for programs (LOCALAPPDATA), so Excel would not find the engine. {GET_PYTHON}"
        )
    if facts.platform != "win-amd64":
        return (
            f"rebal_xl needs 64-bit Python for Intel and AMD (win-amd64; your Excel may be 32-bit, and Windows on ARM "
            f"runs it too), and this one is for {facts.platform}. {GET_PYTHON}"
        )
    if not facts.makes_environments:
        return f"This Python has no venv or no ensurepip, as the embeddable package has none. {GET_PYTHON}"
    return None


def clean_environment(environ: Mapping[str, str], *, folders: bool = True) -> dict[str, str]:
    """The caller's variables without those that change what Python imports or where pip installs.

    Registry configuration (index, proxy, certificates, cache) is left as it is; so are, with `folders`, the places of
    packages beside the registry. An installer that brings its own folder of packages knows no others.
    """
    kept = {}
    for name, value in environ.items():
        upper = name.upper()
        if upper in DROPPED_VARIABLES:
            continue
        if upper.startswith("PYTHON") and upper not in KEPT_PYTHON_VARIABLES:
            continue
        if upper.startswith(("PIP_", "UV_")) and not KEPT_INSTALLER_VARIABLES.fullmatch(upper):
            continue
        if upper in OTHER_PLACES and not folders:
            continue
        kept[name] = value
    # A user's pip.conf may say `user = true` or `require-virtualenv = true`: a variable outranks it.
    return kept | {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_NO_INPUT": "1"}


# What a step's output shows -> why it failed, first match wins.
CAUSES = (
    (r"No space left|Errno 28|not enough space", "full"),
    (r"do not match the hashes|Hash mismatch", "hashes"),
    (r"Application Control|blocked by group policy|0xc0e90002|WinError 1260|WinError 4551", "policy"),
    (
        r"name resolution|getaddrinfo|NewConnectionError|ConnectTimeout|timed out|ProxyError|SSLError|Max retries"
        r"|Connection (refused|reset|aborted)|Network is unreachable|error sending request",
        "network",
    ),
    (r"No matching distribution|not find a version|none of the wheels' tags|no wheels? with a matching", "no build"),
)
# What that means to an advisor, and what to do.
SENTENCES = {
    "full": "The disk is full. Free about 1 GB and start this again.",
    "hashes": "A package is not the one that rebal_xl was tested with, and nothing was installed. Do not work around "
    "this: get the bundle anew, or use a network you trust.",
    "policy": "A policy of your firm does not let the new Python environment run. Ask IT to allow it: "
    "docs/it-and-security.md says what.",
    "network": "The package index cannot be reached. Check the network and pip's settings for a proxy (pip config "
    "list), or use the offline bundle, which needs no network.",
    "no build": f"There is no package for Python {platform.python_version()} here. An offline bundle may be made for "
    "other versions of Python only: look at the names in its folder `wheels`, or install Python 3.13.",
}


def cause(output: str) -> str | None:
    """Why a step failed, one of the keys of SENTENCES; None when its output does not show it."""
    return next((why for pattern, why in CAUSES if re.search(pattern, output, re.IGNORECASE)), None)


def explanation(output: str) -> str:
    """One sentence on why a step failed."""
    why = cause(output)
    return SENTENCES[why] if why else f"The private environment could not be made: {last_line(output)}"


def last_line(output: str) -> str:
    """The last line that says something."""
    return next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "it said nothing.")
