/* A py.exe that starts and does not fit: it fails where install.bat asks whether it does. Says so when it is used. */
#include <stdio.h>
#include <string.h>

int main(int count, char **words)
{
    int isolated = 0;
    for (int each = 1; each < count; each++) {
        if (strcmp(words[each], "-I") == 0)
            isolated = 1;
        if (strcmp(words[each], "-c") == 0)
            return isolated;
    }
    puts("the old Python was used");
    return 3;
}
