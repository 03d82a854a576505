"""An xlwings engine over openpyxl: Excel's traps without Excel, for tests only.

`install()` adds it to xlwings; `open_book(path)` opens a workbook in it as an xlwings.Book. It offers what the
docstring of `rebal_xl.excel.live.host` lists and no more, so that anything else fails at once.
"""

from tests.excel.openpyxl_engine.engine import AppImpl, BookImpl, double, install, new_app, open_book

__all__ = ["AppImpl", "BookImpl", "double", "install", "new_app", "open_book"]
