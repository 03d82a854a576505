@echo off
rem Removes rebal_xl for this user. A folder cannot be removed while somebody is in it.
cd /d "%TEMP%" & call "%~dp0install.bat" --uninstall %* & exit /b
