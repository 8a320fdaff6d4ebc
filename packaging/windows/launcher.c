/* netdesk.exe and netdesk-cli.exe: load the private Python that lies beside them and run `-m netdesk`. What fails is said in words. */
#include <windows.h>
#include <shobjidl.h>
#include <stdio.h>
#include <wchar.h>

typedef int (*run_python)(int, wchar_t **);

static int fail(const wchar_t *what) {
    wchar_t text[512];
    swprintf(text, 512, L"NetDesk cannot start: %ls (error %lu). Install it again; your data is kept.", what, GetLastError());
#ifdef CONSOLE
    fwprintf(stderr, L"%ls\n", text);
#else
    MessageBoxW(NULL, text, L"NetDesk", MB_ICONERROR);
#endif
    return 1;
}

static int start(void) {
    wchar_t program[4096], library[4200];
    DWORD length = GetModuleFileNameW(NULL, program, 4096);
    if (!length || length >= 4096) return fail(L"its folder is not found");
    wchar_t *name = wcsrchr(program, L'\\');
    swprintf(library, 4200, L"%.*ls\\%ls", (int)(name - program), program, PYTHON_LIBRARY);
    SetDllDirectoryW(L""); /* never a library from the current folder */
    SetEnvironmentVariableW(L"PYTHONUTF8", L"1");
    SetEnvironmentVariableW(L"PYTHONNOUSERSITE", L"1");
    SetEnvironmentVariableW(L"PYTHONDONTWRITEBYTECODE", L"1"); /* it comes compiled */
    SetCurrentProcessExplicitAppUserModelID(L"org.netdesk.NetDesk");
#ifndef CONSOLE
    SetStdHandle(STD_INPUT_HANDLE, NULL); /* as pythonw: nobody reads what is printed */
    SetStdHandle(STD_OUTPUT_HANDLE, NULL);
    SetStdHandle(STD_ERROR_HANDLE, NULL);
#endif
    HMODULE python = LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    if (!python) return fail(L"its Python library cannot be loaded");
    run_python run = (run_python)(void *)GetProcAddress(python, "Py_Main");
    if (!run) return fail(L"its Python library is damaged");
    int count = 0;
    wchar_t **given = CommandLineToArgvW(GetCommandLineW(), &count);
    wchar_t **words = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*words) * (count + 4));
    if (!given || !words) return fail(L"there is no memory");
    int at = 0;
    words[at++] = program;
    words[at++] = L"-m";
    words[at++] = L"netdesk";
    for (int one = 1; one < count; one++) words[at++] = given[one];
    return run(at, words);
}

#ifdef CONSOLE
int wmain(void) { return start(); }
#else
int WINAPI wWinMain(HINSTANCE instance, HINSTANCE previous, LPWSTR line, int show) {
    (void)instance; (void)previous; (void)line; (void)show;
    return start();
}
#endif
