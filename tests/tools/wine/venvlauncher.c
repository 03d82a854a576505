/* The python.exe and pythonw.exe (with -DGUI) that `python -m venv` puts into an environment. Like CPython's own
   redirector, it reads the folder of the real interpreter out of pyvenv.cfg and starts it with __PYVENV_LAUNCHER__. */
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

#define LONGEST 4096
#define NO_CONFIGURATION 106
#define NO_START 101

#ifdef GUI
#define INTERPRETER L"\\pythonw.exe"
#else
#define INTERPRETER L"\\python.exe"
#endif

static void parent_of(wchar_t *path)
{
    wchar_t *last = wcsrchr(path, L'\\');
    if (last)
        *last = 0;
}

/* The value of "home = ..." in pyvenv.cfg, which is UTF-8; 0 when there is none. */
static int read_home(const wchar_t *configuration, wchar_t *home)
{
    wchar_t line[LONGEST];
    FILE *file = _wfopen(configuration, L"rt, ccs=UTF-8");
    *home = 0;
    if (!file)
        return 0;
    while (fgetws(line, LONGEST, file)) {
        wchar_t *value = wcschr(line, L'=');
        if (wcsncmp(line, L"home", 4) || !value)
            continue;
        wcscpy(home, value + 1 + wcsspn(value + 1, L" "));
        home[wcscspn(home, L"\r\n")] = 0;
    }
    fclose(file);
    return *home != 0;
}

static int start(void)
{
    wchar_t self[LONGEST], configuration[LONGEST], home[LONGEST];
    STARTUPINFOW startup;
    PROCESS_INFORMATION process;
    DWORD code = 1;
    GetModuleFileNameW(NULL, self, LONGEST);
    wcscpy(configuration, self);
    parent_of(configuration);
    parent_of(configuration);
    wcscat(configuration, L"\\pyvenv.cfg");
    if (!read_home(configuration, home))
        return NO_CONFIGURATION;
    wcscat(home, INTERPRETER);
    SetEnvironmentVariableW(L"__PYVENV_LAUNCHER__", self);
    GetStartupInfoW(&startup);
    if (!CreateProcessW(home, GetCommandLineW(), NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
        return NO_START;
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    return (int)code;
}

#ifdef GUI
int WINAPI wWinMain(HINSTANCE instance, HINSTANCE previous, LPWSTR line, int show)
{
    (void)instance, (void)previous, (void)line, (void)show;
    return start();
}
#else
int wmain(void)
{
    return start();
}
#endif
