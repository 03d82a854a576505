@echo off
rem Finds a Python and hands over to install.py, which explains everything it does. No administrator is needed.
setlocal EnableExtensions DisableDelayedExpansion
for %%V in (3.13 3.12 3.11 3.14) do py -%%V -c "" >nul 2>nul && set "REBAL_PYTHON=py -%%V" && goto found
for %%P in ("py -3" python python3) do %%~P -c "" >nul 2>nul && set "REBAL_PYTHON=%%~P" && goto found
echo rebal_xl needs Python, and none was found. Install 64-bit Python 3.13 from https://www.python.org/downloads/windows/
echo (not the one of the Microsoft Store), for yourself alone, with its standard choices. Then start install.bat again.
if "%~1"=="" pause
exit /b 10
:found
%REBAL_PYTHON% -I "%~dp0install.py" %* & exit /b
