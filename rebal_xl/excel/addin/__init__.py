"""The add-in file, built without Excel from readable sources: `python -m rebal_xl.excel.addin`.

`wrappers` writes the VBA functions that follow the Python formulas; `modules` reads the VBA sources of workbook/vba;
`project` makes a VBA project of them by [MS-OVBA], with `compression` and `compound` ([MS-CFB]); `ribbon` checks the
buttons against the sources; `package` puts all into the .xlam; `build` is the way from the sources to the file.
"""
