/* Wine 8's ucrtbase.dll exports C99's complex functions as stubs that end the process; numpy needs them at import.
   Each stub is overwritten, in the memory of this process alone, with a jump to mingw's function of that name, so that
   wheels are used as they are published. Results are mingw's: their last bits say nothing about Windows. */
#include <windows.h>
#include <complex.h>
#include <stdint.h>
#include <string.h>

/* Microsoft's own layout and calling convention; its long double is a double. */
typedef struct { double r, i; } D;
typedef struct { float r, i; } F;

static double _Complex d(D a) { double _Complex z; __real__ z = a.r; __imag__ z = a.i; return z; }
static float _Complex f(F a) { float _Complex z; __real__ z = a.r; __imag__ z = a.i; return z; }
static D ud(double _Complex z) { D a = {creal(z), cimag(z)}; return a; }
static F uf(float _Complex z) { F a = {crealf(z), cimagf(z)}; return a; }

#define TO_COMPLEX(_) _(cacos) _(cacosh) _(casin) _(casinh) _(catan) _(catanh) _(ccos) _(ccosh) _(cexp) _(clog) \
    _(conj) _(cproj) _(csin) _(csinh) _(csqrt) _(ctan) _(ctanh)
#define TO_REAL(_) _(cabs) _(carg) _(cimag) _(creal)

#define COMPLEX(name) \
    static D x_##name(D a) { return ud(name(d(a))); } \
    static F x_##name##f(F a) { return uf(name##f(f(a))); }
#define REAL(name) \
    static double x_##name(D a) { return name(d(a)); } \
    static float x_##name##f(F a) { return name##f(f(a)); }
TO_COMPLEX(COMPLEX)
TO_REAL(REAL)
static D x_cpow(D a, D b) { return ud(cpow(d(a), d(b))); }
static F x_cpowf(F a, F b) { return uf(cpowf(f(a), f(b))); }

#define ROW(name) {#name, (void *)x_##name}, {#name "f", (void *)x_##name##f}, {#name "l", (void *)x_##name},
static const struct { const char *name; void *function; } MENDED[] = {TO_COMPLEX(ROW) TO_REAL(ROW) ROW(cpow)};

/* What Wine's build tool makes of a function that is not there: sub $0x28,%rsp; lea ...,%rcx. 24 bytes long. */
static const unsigned char STUB[] = {0x48, 0x83, 0xEC, 0x28, 0x48, 0x8D, 0x0D};

static void jump(unsigned char *from, void *to)
{
    unsigned char code[12] = {0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xE0}; /* mov rax, to; jmp rax */
    DWORD before;
    memcpy(code + 2, &to, sizeof to);
    if (!VirtualProtect(from, sizeof code, PAGE_EXECUTE_READWRITE, &before))
        return;
    memcpy(from, code, sizeof code);
    VirtualProtect(from, sizeof code, before, &before);
    FlushInstructionCache(GetCurrentProcess(), from, sizeof code);
}

void mend_c99_complex(void)
{
    HMODULE runtime = LoadLibraryW(L"ucrtbase.dll");
    size_t row;
    if (!runtime || !GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version"))
        return; /* a real Windows needs none of this */
    for (row = 0; row < sizeof MENDED / sizeof *MENDED; row++) {
        unsigned char *stub = (unsigned char *)GetProcAddress(runtime, MENDED[row].name);
        if (stub && !memcmp(stub, STUB, sizeof STUB))
            jump(stub, MENDED[row].function);
    }
}
