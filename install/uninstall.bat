@echo off
rem Finds a Python and lets install.py remove rebal_xl for this user, also the folder that this file is in.
setlocal EnableExtensions DisableDelayedExpansion
set "NoDefaultCurrentDirectoryInExePath=1"
set "REBAL_PYTHON="
rem Settings, Apps starts this without arguments, in a window that closes at its end.
set "REBAL_PAUSE="
if "%~1"=="" set "REBAL_PAUSE=--pause"
for %%V in (3.13 3.12 3.11 3.14 3) do if not defined REBAL_PYTHON call :try py -%%V
for %%P in (python python3) do if not defined REBAL_PYTHON call :try %%P
if not defined REBAL_PYTHON goto none
rem One line, since this file is gone at its end; and nobody may be in a folder that is to be removed.
cd /d "%TEMP%" & %REBAL_PYTHON% -I "%~dp0install.py" --uninstall %REBAL_PAUSE% %* & exit /b
:try
%* -I -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if not errorlevel 1 set "REBAL_PYTHON=%*"
exit /b
:none
echo Python was not found, which is needed to remove rebal_xl. Install it from https://www.python.org/downloads/windows/
if "%~1"=="" pause
exit /b 10
