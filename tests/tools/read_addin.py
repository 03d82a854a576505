"""What strict readers make of an add-in: run by their own Python as `python read_addin.py FILE`, answers with JSON.

Only the standard library and the readers: this Python knows nothing of the project.
"""

import base64
import io
import json
import logging
import sys
import zipfile

import olefile
import pyopenvba
from oletools.mraptor import MacroRaptor
from oletools.olevba import VBA_Parser, decompress_stream
from pyopenvba.interpreter import Interpreter, VBACompileError


def compound_file(project):
    """olefile at its strictest: every defect is raised, even those it is unsure about."""
    ole = olefile.OleFileIO(io.BytesIO(project), raise_defects=olefile.DEFECT_UNSURE)
    streams = {"/".join(path): ole.openstream(path).read() for path in ole.listdir()}
    return {"issues": [str(issue) for issue in ole.parsing_issues], "streams": sorted(streams)}, streams


def decompressed(streams):
    """Every module by oletools' decompressor, as base64."""
    modules = (name for name in streams if name.startswith("VBA/") and name not in ("VBA/dir", "VBA/_VBA_PROJECT"))
    return {
        name.removeprefix("VBA/"): base64.b64encode(bytes(decompress_stream(bytearray(streams[name])))).decode()
        for name in modules
    }


def by_olevba(path):
    """The modules that olevba extracts, and whether its MacroRaptor finds the file suspicious."""
    logging.disable(logging.CRITICAL)
    parser = VBA_Parser(path)
    modules = {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
    raptor = MacroRaptor(parser.get_vba_code_all_modules())
    raptor.scan()
    return {"modules": modules, "suspicious": raptor.suspicious, "flags": raptor.get_flags()}


def by_pyopenvba(path):
    """Its check of the whole file, the project as it reads it, and what does not parse as VBA."""
    report = pyopenvba.check_file(path)
    mistakes = []
    with pyopenvba.ExcelFile(path) as book:
        project = book.vba_project()
        for module in project.modules:
            try:
                Interpreter().add_module(module.source, name=module.name)
            except VBACompileError as mistake:
                mistakes.append(str(mistake))
        return {
            "issues": [str(issue) for issue in report.issues],
            "complete": report.complete,
            "name": project.name,
            "modules": [module.name for module in project.modules],
            "mistakes": mistakes,
            "references": [reference.name for reference in book.references()],
        }


def main(path):
    """Read one add-in with all of them."""
    with zipfile.ZipFile(path) as package:
        project = package.read("xl/vbaProject.bin")
    container, streams = compound_file(project)
    answer = {
        "olefile": container,
        "decompressed": decompressed(streams),
        "olevba": by_olevba(path),
        "pyopenvba": by_pyopenvba(path),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
