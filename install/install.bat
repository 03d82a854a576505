@echo off
rem Finds a Python and hands over to install.py, which explains everything it does. No administrator is needed.
setlocal EnableExtensions DisableDelayedExpansion
set "NoDefaultCurrentDirectoryInExePath=1"
set "REBAL_PYTHON="
set "REBAL_OTHER="
for %%V in (3.13 3.12 3.11 3.14 3) do if not defined REBAL_PYTHON call :try py -%%V
for %%P in (python python3) do if not defined REBAL_PYTHON call :try %%P
rem One that does not fit says in its own words why.
if not defined REBAL_PYTHON set "REBAL_PYTHON=%REBAL_OTHER%"
if not defined REBAL_PYTHON goto none
%REBAL_PYTHON% -I "%~dp0install.py" %*
exit /b %errorlevel%
:try
%* -I -c "import sys, sysconfig; sys.exit(not ((3, 11) <= sys.version_info < (3, 15) and sysconfig.get_platform() == 'win-amd64' and 'windowsapps' not in (sys.executable + sys.base_prefix).lower()))" >nul 2>nul
if not errorlevel 1 set "REBAL_PYTHON=%*"
if defined REBAL_PYTHON exit /b
%* -c "" >nul 2>nul
if not errorlevel 1 if not defined REBAL_OTHER set "REBAL_OTHER=%*"
exit /b
:none
echo rebal_xl needs Python, and none was found. Install 64-bit Python 3.13 from https://www.python.org/downloads/windows/
echo (not the one of the Microsoft Store), for yourself alone, with its standard choices. Then start install.bat again.
if "%~1"=="" pause
exit /b 10
