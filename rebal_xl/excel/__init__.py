"""The Excel surface: worksheet formulas, ribbon jobs, the engine that Excel reaches by COM, the add-in's builder.

On a Mac, where no formula reaches Python, `mac` is what a click on a button starts.

A formula's way: the VBA wrapper in the add-in sends values -> `engine` -> `call` -> xlwings' converters -> a function
of `formulas` -> `answers` -> what the cell gets. Nothing here decides; it reads through `rebal_xl.intake` and asks the
same core as the command line.
"""
