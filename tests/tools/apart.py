"""Runs Python in a process of its own and says what it took: memory cannot be measured beside everything else."""

import subprocess
import sys
from dataclasses import dataclass

_FRAME = """
import sys, time
from pathlib import Path
began = time.process_time()
{body}
seconds = time.process_time() - began
# Not the peak of getrusage, which a process inherits from the one that started it.
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peak = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
print(f"{{peak:.0f}}|{{seconds:.3f}}|{{said}}")
"""


@dataclass(frozen=True, slots=True)
class Took:
    """What a run took and said."""

    # the most it held; 0 where the system does not tell
    megabytes: float
    # processor seconds, imports of the body included
    seconds: float
    # what the body left in its variable `said`
    said: str


def run_apart(body: str, *arguments: object, timeout_s: float = 60.0) -> Took:
    """Run the lines of `body`, which find the arguments in sys.argv and leave a text in `said`.

    Raises AssertionError with the traceback when they fail, subprocess.TimeoutExpired when they hang.
    """
    code = _FRAME.format(body=body)
    command = [sys.executable, "-c", code, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s)
    assert ran.returncode == 0, ran.stderr
    megabytes, seconds, said = ran.stdout.strip().split("|", 2)
    return Took(float(megabytes), float(seconds), said)
