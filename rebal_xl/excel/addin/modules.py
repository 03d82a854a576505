"""The modules of a VBA project, read from exported sources (.bas) and given the form that Excel stores."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

# The code page of the project; a character outside it would reach Excel as another one.
CODE_PAGE = 1252
ENCODING = f"cp{CODE_PAGE}"

# Limits of the VBA editor.
LONGEST_LINE = 1023
MOST_CONTINUATIONS = 24
LARGEST_MODULE = 64_000
LONGEST_NAME = 31


class SourceError(ValueError):
    """A VBA source that Excel would not take; the text names the module and the line."""


class Kind(Enum):
    """What a module belongs to; the value is the class that Excel derives it from."""

    STANDARD = ""
    # of Excel's type library
    WORKBOOK = "0{00020819-0000-0000-C000-000000000046}"
    SHEET = "0{00020820-0000-0000-C000-000000000046}"

    @property
    def is_document(self) -> bool:
        """Whether it belongs to the workbook or a sheet."""
        return self is not Kind.STANDARD


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its name, what it belongs to, and its code without the header, lines divided by LF."""

    name: str
    kind: Kind
    code: str

    def text(self) -> str:
        """The source as Excel stores it: header, then code, lines divided by CR LF (LF alone corrupts a module)."""
        lines = [f'Attribute VB_Name = "{self.name}"']
        if self.kind.is_document:
            lines += [
                f'Attribute VB_Base = "{self.kind.value}"',
                "Attribute VB_GlobalNameSpace = False",
                "Attribute VB_Creatable = False",
                "Attribute VB_PredeclaredId = True",
                "Attribute VB_Exposed = True",
                "Attribute VB_TemplateDerived = False",
                "Attribute VB_Customizable = True",
            ]
        code = self.code.rstrip("\n")
        return "\r\n".join(lines + code.split("\n") if code else lines) + "\r\n"

    def encoded(self) -> bytes:
        """The source in the project's code page; SourceError where Excel could not read it back."""
        text = self.text()
        try:
            data = text.encode(ENCODING)
        except UnicodeEncodeError as error:
            line = text.count("\n", 0, error.start) + 1
            raise SourceError(f"{self.name}, line {line}: {text[error.start]!r} is not in code page 1252") from error
        _check_limits(self.name, text, len(data))
        return data


def read_module(path: Path) -> Module:
    """The module in an exported source (UTF-8 in the repository); SourceError when its name is missing or differs."""
    return parse_module(path.read_text(encoding="utf-8"), path.stem)


def parse_module(text: str, name: str) -> Module:
    """The standard module in the text of an exported source; SourceError when it bears another name."""
    header, _, code = text.replace("\r\n", "\n").partition("\n")
    if header != f'Attribute VB_Name = "{name}"':
        raise SourceError(f'{name}.bas must begin with the line: Attribute VB_Name = "{name}"')
    return Module(name, Kind.STANDARD, code)


def _check_limits(name: str, text: str, size: int) -> None:
    if len(name) > LONGEST_NAME:
        raise SourceError(f"{name}: a module's name has at most {LONGEST_NAME} characters")
    if size > LARGEST_MODULE:
        raise SourceError(f"{name}: {size:,} bytes; the editor takes modules up to {LARGEST_MODULE:,}")
    continued = 0
    for number, line in enumerate(text.split("\r\n"), 1):
        if len(line) > LONGEST_LINE:
            raise SourceError(f"{name}, line {number}: longer than {LONGEST_LINE} characters")
        continued = continued + 1 if line.endswith(" _") else 0
        if continued > MOST_CONTINUATIONS:
            raise SourceError(f"{name}, line {number}: more than {MOST_CONTINUATIONS} continued lines")
