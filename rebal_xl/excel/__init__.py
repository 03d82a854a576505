"""The Excel surface: worksheet formulas, ribbon jobs, the engine that Excel reaches by COM, the add-in's builder.

A formula's way: the VBA wrapper in the add-in sends values -> `engine` -> `call` -> xlwings' converters -> a function
of `formulas` -> `answers` -> what the cell gets. Nothing here decides; it reads through `rebal_xl.intake` and asks the
same core as the command line.
"""
