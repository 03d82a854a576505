"""The half of tests/tools/office.py that talks to LibreOffice: run by the system's Python, which has `uno`.

Started as `python3 office_helper.py FOLDER`. Reads one command a line from standard input and writes one answer a line
to standard output, both JSON. Spreadsheet formulas call VBA, and VBA calls the UNO service `rebal.test.Engine`, which
is an object in this process; it hands each call on through the same two pipes:

    in   {"do": "read", "args": [...]}            out  {"value": ...} or {"failed": "..."}
    out  {"engine": "Call", "args": [...]}        in   {"answer": ...} or {"raised": "..."}

Only the standard library and `uno`: this Python knows nothing of the project.
"""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import XServiceInfo, XSingleComponentFactory
from com.sun.star.script import XInvocation

SERVICE = "rebal.test.Engine"
METHODS = ("Call", "Why", "Start", "Poll", "Finish", "Cancel", "Version")
XLAM_FILTER = "Calc MS Excel 2007 VBA XML"
ALWAYS_RUN_MACROS = 4
SECONDS_TO_START = 120


class Pipes:
    """Standard input and output, shared by the commands and by what VBA asks of the engine meanwhile."""

    def __init__(self):
        # LibreOffice and its children may print: only we write to the pipe
        self.out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self.commands, self.answers = queue.Queue(), queue.Queue()
        self.writing, self.asking = threading.Lock(), threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in sys.stdin:
            message = json.loads(line)
            (self.commands if "do" in message else self.answers).put(message)
        self.commands.put(None)

    def write(self, message):
        with self.writing:
            self.out.write(json.dumps(message, default=in_words) + "\n")
            self.out.flush()

    def ask(self, method, args):
        with self.asking:
            self.write({"engine": method, "args": args})
            answer = self.answers.get()
        if "raised" in answer:
            raise uno.getClass("com.sun.star.uno.RuntimeException")(answer["raised"], None)
        return answer["answer"]


def in_words(value):
    """What is no JSON: the workbook that VBA hands over by its name, anything else by how it prints."""
    try:
        return {"object": value.Name}
    except AttributeError:
        return {"unknown": repr(value)}


def for_basic(value):
    """A table as a 2-dimensional array of Basic, as Excel would get a SAFEARRAY; anything else as it is."""
    if not isinstance(value, list):
        return value
    table = tuple(tuple(row) for row in value)
    return uno.createUnoStruct("com.sun.star.script.ArrayWrapper", True, uno.Any("[][]any", table))


class Engine(unohelper.Base, XInvocation):
    """What VBA gets for CreateObject("RebalXL.Engine") here."""

    def __init__(self, pipes):
        self.pipes = pipes

    def getIntrospection(self):
        return None

    def hasMethod(self, name):
        return name in METHODS

    def hasProperty(self, name):
        return False

    def getValue(self, name):
        return None

    def setValue(self, name, value):
        pass

    def invoke(self, name, params, out_index, out_param):
        return for_basic(self.pipes.ask(name, list(params))), (), ()


class Factory(unohelper.Base, XSingleComponentFactory, XServiceInfo):
    """Makes the one engine whenever Basic asks the service manager for it."""

    def __init__(self, engine):
        self.engine = engine

    def createInstanceWithContext(self, context):
        return self.engine

    def createInstanceWithArgumentsAndContext(self, args, context):
        return self.engine

    def getImplementationName(self):
        return SERVICE + ".implementation"

    def supportsService(self, name):
        return name == SERVICE

    def getSupportedServiceNames(self):
        return (SERVICE,)


def properties(**values):
    """UNO's way to name arguments."""
    made = []
    for name, value in values.items():
        one = PropertyValue()
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def start(folder, pipe):
    """LibreOffice with a profile of its own, and the remote end of its component context."""
    program = subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            "--nologo",
            "--nolockcheck",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(SECONDS_TO_START * 4):
        try:
            return program, resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(0.25)
    program.terminate()
    raise RuntimeError("LibreOffice did not answer.")


class Desk:
    """The commands: one method each, on the document that is open."""

    def __init__(self, context, folder):
        self.folder = folder
        self.services = context.ServiceManager
        self.desktop = self.services.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self.document = None

    def _open(self, path, **more):
        # a copy: LibreOffice leaves lock files beside what it opens, and refuses to open a file that has one
        folder = tempfile.mkdtemp(dir=self.folder)
        url = Path(shutil.copy(path, folder)).as_uri()
        arguments = properties(Hidden=True, MacroExecutionMode=ALWAYS_RUN_MACROS, **more)
        document = self.desktop.loadComponentFromURL(url, "_blank", 0, arguments)
        if document is None:
            raise RuntimeError(f"LibreOffice could not open {path}")
        return document

    def open(self, path):
        """Open a workbook with its macros."""
        self.close()
        macros = {"FilterName": XLAM_FILTER} if path.endswith((".xlam", ".xlsm")) else {}
        self.document = self._open(path, **macros)

    def new(self):
        """A new workbook."""
        self.close()
        self.document = self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True))

    def close(self):
        """Close it, unsaved."""
        if self.document is not None:
            self.document.close(True)
            self.document = None

    def sheets(self):
        """The names of its sheets."""
        return list(self.document.Sheets.ElementNames)

    def take_sheets(self, path):
        """Copy another workbook's sheets behind the ones that are there: constants, number formats, tables.

        LibreOffice 7.4's own importSheet crashes on a document with VBA.
        """
        source = self._open(path, ReadOnly=True)
        ours = self.document
        for sheet in source.Sheets:
            ours.Sheets.insertNewByName(sheet.Name, ours.Sheets.Count)
            cursor = sheet.createCursor()
            cursor.gotoEndOfUsedArea(False)
            place = "A1:" + cursor.AbsoluteName.split(".")[-1].replace("$", "")
            self._cells(sheet.Name, place).setDataArray(sheet.getCellRangeByName(place).getDataArray())
        for table in source.DatabaseRanges:
            self._take_table(source, table)
        source.close(True)

    def _take_table(self, source, table):
        area = table.DataArea
        sheet = source.Sheets.getByIndex(area.Sheet)
        body = self.document.Sheets.getByName(sheet.Name)
        for column in range(area.StartColumn, area.EndColumn + 1):
            code = source.NumberFormats.getByKey(sheet.getCellByPosition(column, area.StartRow + 1).NumberFormat)
            cells = body.getCellRangeByPosition(column, area.StartRow + 1, column, area.EndRow)
            cells.NumberFormat = self._format_key(code.FormatString, code.Locale)
        place = body.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
        self.add_table(table.Name, sheet.Name, place.AbsoluteName.split(".")[-1].replace("$", ""))

    def tables(self):
        """The tables: name -> sheet and place."""
        found = {}
        for table in self.document.DatabaseRanges:
            area = table.DataArea
            sheet = self.document.Sheets.getByIndex(area.Sheet)
            cells = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
            found[table.Name] = [sheet.Name, cells.AbsoluteName.split(".")[-1].replace("$", "")]
        return found

    def add_sheet(self, name):
        """A new sheet behind the others."""
        self.document.Sheets.insertNewByName(name, self.document.Sheets.Count)

    def remove_sheet(self, name):
        """Remove a sheet."""
        self.document.Sheets.removeByName(name)

    def add_table(self, name, sheet, place):
        """Name a range with a header row as Excel names a table, so that structured references find it."""
        ranges = self.document.DatabaseRanges
        if ranges.hasByName(name):
            ranges.removeByName(name)
        ranges.addNewByName(name, self._cells(sheet, place).RangeAddress)
        ranges.getByName(name).ContainsHeader = True

    def add_name(self, name, text):
        """A named range; text is like $Holdings.$A$1:$L$20."""
        origin = self.document.Sheets.getByIndex(0).getCellByPosition(0, 0).CellAddress
        self.document.NamedRanges.addNewByName(name, text, origin, 0)

    def _cells(self, sheet, place):
        return self.document.Sheets.getByName(sheet).getCellRangeByName(place)

    def write(self, sheet, place, rows):
        """Write constants: numbers, or texts that stay texts."""
        self._cells(sheet, place).setDataArray(tuple(tuple(row) for row in rows))

    def formula(self, sheet, place, text):
        """Type a formula (English names, semicolons) into a cell."""
        self._cells(sheet, place).setFormula(text)

    def array_formula(self, sheet, place, text):
        """Enter an array formula over a range."""
        self._cells(sheet, place).setArrayFormula(text)

    def number_format(self, sheet, place, code):
        """Give cells a number format, in US English."""
        locale = uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", "")
        self._cells(sheet, place).NumberFormat = self._format_key(code, locale)

    def _format_key(self, code, locale):
        formats = self.document.NumberFormats
        key = formats.queryKey(code, locale, False)
        return key if key != -1 else formats.addNew(code, locale)

    def read(self, sheet, place):
        """What cells hold: rows of numbers and texts."""
        return [list(row) for row in self._cells(sheet, place).getDataArray()]

    def shown(self, sheet, place):
        """What one cell shows, its number, and LibreOffice's own error code (0 is none)."""
        cell = self._cells(sheet, place)
        return {"text": cell.String, "number": cell.Value, "error": cell.getError()}

    def set_1904(self, on):
        """Count days from 1904, or from 1899-12-30 as LibreOffice and Excel do otherwise."""
        wanted = (1, 1, 1904) if on else (30, 12, 1899)
        self.document.NullDate = uno.createUnoStruct("com.sun.star.util.Date", *wanted)

    def calculates_by_itself(self):
        """Whether formulas follow their cells without being asked."""
        return self.document.isAutomaticCalculationEnabled()

    def modules(self):
        """The VBA modules as LibreOffice loaded them: name -> source."""
        found = {}
        libraries = self.document.BasicLibraries
        for library in libraries.ElementNames:
            holder = libraries.getByName(library)
            for name in holder.ElementNames:
                found[name] = holder.getByName(name)
        return found

    def run(self, name, args):
        """Call a Sub or Function as Module.Name: the value it returns, and what its ByRef arguments hold then.

        An argument {"control": {...}} arrives as an object with those properties.
        """
        libraries = [name for name in self.document.BasicLibraries.ElementNames if name != "Standard"]
        library = libraries[0] if libraries else "Standard"
        url = f"vnd.sun.star.script:{library}.{name}?language=Basic&location=document"
        given = tuple(self._control(arg["control"]) if isinstance(arg, dict) else arg for arg in args)
        value, _, changed = self.document.getScriptProvider().getScript(url).invoke(given, (), ())
        return {"value": value, "changed": list(changed)}

    def _control(self, values):
        bag = self.services.createInstance("com.sun.star.beans.PropertyBag")
        for name, value in values.items():
            bag.addProperty(name, 0, value)
        return bag

    def look(self, sheet, place, values):
        """Set properties of cells, by their UNO names, such as CharWeight or CellBackColor."""
        cells = self._cells(sheet, place)
        for name, value in values.items():
            setattr(cells, name, value)

    def column_widths(self, sheet, centimetres):
        """The widths of the first columns."""
        columns = self.document.Sheets.getByName(sheet).Columns
        for number, width in enumerate(centimetres):
            columns.getByIndex(number).Width = round(width * 1000)

    def save_pdf(self, sheet, place, path):
        """Print this range alone, in landscape, as wide as the page, with its row numbers and column letters."""
        cells = self._cells(sheet, place)
        page = self.document.StyleFamilies.getByName("PageStyles").getByName(cells.Spreadsheet.PageStyle)
        page.IsLandscape, page.Width, page.Height = True, 29700, 21000
        page.ScaleToPagesX, page.ScaleToPagesY = 1, 0
        page.PrintHeaders, page.PrintGrid, page.HeaderIsOn, page.FooterIsOn = True, True, False, False
        page.LeftMargin = page.TopMargin = page.RightMargin = page.BottomMargin = 1000
        chosen = uno.Any("[]com.sun.star.beans.PropertyValue", properties(Selection=cells))
        self.document.storeToURL(
            Path(path).resolve().as_uri(), properties(FilterName="calc_pdf_Export", FilterData=chosen)
        )


def main(folder):
    """Serve commands until standard input ends."""
    pipes = Pipes()
    program, context = start(folder, f"rebal{os.getpid()}")
    desk = Desk(context, folder)
    try:
        context.ServiceManager.insert(Factory(Engine(pipes)))
        pipes.write({"value": "ready"})
        while (command := pipes.commands.get()) is not None:
            try:
                pipes.write({"value": getattr(desk, command["do"])(*command["args"])})
            except (uno.getClass("com.sun.star.uno.Exception"), RuntimeError) as problem:
                pipes.write({"failed": f"{type(problem).__name__}: {problem}"})
    finally:
        try:
            desk.close()
            desk.desktop.terminate()
            program.wait(20)
        finally:
            program.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
