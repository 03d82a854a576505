/* python.exe and pythonw.exe (with -DGUI) of the rig: python.org's own do no more than call Py_Main.
   Before that, Wine 8's C runtime is mended: see c99complex.c. */
#include <windows.h>
#include <stdlib.h>

__declspec(dllimport) int Py_Main(int argc, wchar_t **argv);
void mend_c99_complex(void);

#ifdef GUI
int WINAPI wWinMain(HINSTANCE instance, HINSTANCE previous, LPWSTR line, int show)
{
    (void)instance, (void)previous, (void)line, (void)show;
    mend_c99_complex();
    return Py_Main(__argc, __wargv);
}
#else
int wmain(int argc, wchar_t **argv)
{
    mend_c99_complex();
    return Py_Main(argc, argv);
}
#endif
