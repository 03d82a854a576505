@echo off
rem Finds a Python and hands over to install.py, which explains everything it does. No administrator is needed.
setlocal EnableExtensions DisableDelayedExpansion
set "REBAL_PYTHON="
for %%V in (3.13 3.12 3.11 3.14 3) do if not defined REBAL_PYTHON call :try py -%%V
for %%P in (python python3) do if not defined REBAL_PYTHON call :try %%P
if not defined REBAL_PYTHON goto none
%REBAL_PYTHON% -I "%~dp0install.py" %*
exit /b %errorlevel%
:try
%* -c "" >nul 2>nul
if not errorlevel 1 set "REBAL_PYTHON=%*"
exit /b
:none
echo rebal_xl needs Python, and none was found. Install 64-bit Python 3.13 from https://www.python.org/downloads/windows/
echo (not the one of the Microsoft Store), for yourself alone, with its standard choices. Then start install.bat again.
if "%~1"=="" pause
exit /b 10
