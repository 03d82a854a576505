"""How a command ends: exit codes, and every failure as a sentence.

0 done, 1 problems in the input, 2 wrong call, 3 rules had to be relaxed, 70 something unexpected, 130 interrupted.
"""

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import NoReturn

import typer

from rebal_xl.api import EvaluatorDisagrees, FileRefused, LawMissing, SolverError, law_problem
from rebal_xl.cli import documents
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import show_problems
from rebal_xl.household import InputErrors, Problem
from rebal_xl.log import LOGGER, start_notes, write_log


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    PROBLEMS = 1
    WRONG_CALL = 2
    RELAXED = 3
    UNEXPECTED = 70
    INTERRUPTED = 130


@contextmanager
def ending_well(screen: Screen, command: str) -> Generator[None, None, None]:
    """Run a command's body; whatever goes wrong in it ends as sentences and an exit code."""
    start_notes()
    LOGGER.info("rebal-xl %s", command)
    try:
        yield
    except InputErrors as found:
        _end(screen, command, found.problems, Exit.PROBLEMS)
    except FileRefused as refused:
        _end(screen, command, [Problem(refused.sentence, code="file-refused")], Exit.PROBLEMS)
    except LawMissing as missing:
        _end(screen, command, [law_problem(missing)], Exit.PROBLEMS)
    except KeyboardInterrupt:
        _end(screen, command, [Problem("Stopped. Nothing was written.", code="interrupted")], Exit.INTERRUPTED)
    except EvaluatorDisagrees as wrong:
        _fail(screen, command, str(wrong), wrong, "evaluator-disagrees")
    except SolverError as wrong:
        _fail(screen, command, f"{wrong} The workbook is untouched.", wrong, "solver")
    except (typer.Exit, typer.BadParameter):
        raise
    except BrokenPipeError as gone:
        # Whoever read our output, such as `head`, has seen enough; what else goes there goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.PROBLEMS) from gone
    except Exception as wrong:  # noqa: BLE001 - the last door before the user, who must never see a traceback
        sentence = "Something unexpected went wrong in rebal-xl, and nothing was changed."
        _fail(screen, command, sentence, wrong, "unexpected")


def _fail(screen: Screen, command: str, sentence: str, error: BaseException, name: str) -> NoReturn:
    """An error of ours: its sentence, and where the log is."""
    path = write_log(error)
    where = f"Details are in {path}" if path else "No log could be written: its folder is not writable."
    if screen.as_json:
        _end(screen, command, [Problem(sentence, where, code=name)], Exit.UNEXPECTED)
    show_problems(screen.err, [Problem(sentence)])
    # A path is of use only in one piece.
    screen.err.print(where, soft_wrap=True)
    raise typer.Exit(Exit.UNEXPECTED)


def _end(screen: Screen, command: str, problems: Sequence[Problem], code: Exit) -> NoReturn:
    """Say what is wrong, as the caller wants to read it, and end."""
    if screen.as_json:
        screen.write(documents.as_text(documents.failed(command, problems, code)))
    else:
        show_problems(screen.err, problems)
    raise typer.Exit(code)
