/* Stands in for VBA where a scripting host cannot: sends an error cell (VT_ERROR, which VBA has as CVErr) inside the
   two-dimensional Value2 of a range, by value, to a method of RebalXL.Engine, and prints the text that comes back.
   Usage: windows_cell_error.exe SCODE (decimal, such as -2146826246 for #N/A) */
#define COBJMACROS
#include <windows.h>
#include <oleauto.h>
#include <stdio.h>
#include <stdlib.h>

static VARIANT text(const wchar_t *letters)
{
    VARIANT value;
    VariantInit(&value);
    V_VT(&value) = VT_BSTR;
    V_BSTR(&value) = SysAllocString(letters);
    return value;
}

static VARIANT number(double amount)
{
    VARIANT value;
    VariantInit(&value);
    V_VT(&value) = VT_R8;
    V_R8(&value) = amount;
    return value;
}

static VARIANT error(SCODE code)
{
    VARIANT value;
    VariantInit(&value);
    V_VT(&value) = VT_ERROR;
    V_ERROR(&value) = code;
    return value;
}

static VARIANT truth(VARIANT_BOOL given)
{
    VARIANT value;
    VariantInit(&value);
    V_VT(&value) = VT_BOOL;
    V_BOOL(&value) = given;
    return value;
}

/* An array as VBA's Array() or, with columns, as Range.Value2 makes it: bounds from 1. */
static VARIANT array(VARIANT *values, LONG rows, LONG columns)
{
    SAFEARRAYBOUND bounds[2] = {{(ULONG)rows, 1}, {(ULONG)columns, 1}};
    VARIANT value;
    LONG row, column;
    VariantInit(&value);
    V_VT(&value) = VT_ARRAY | VT_VARIANT;
    V_ARRAY(&value) = SafeArrayCreate(VT_VARIANT, columns ? 2 : 1, bounds);
    for (row = 1; row <= rows; row++)
        for (column = 1; column <= (columns ? columns : 1); column++) {
            LONG place[2] = {row, column};
            SafeArrayPutElement(V_ARRAY(&value), place, values++);
        }
    return value;
}

int main(int count, char **arguments)
{
    OLECHAR *method = L"Call";
    CLSID id;
    IDispatch *engine;
    DISPID call;
    VARIANT answer, backwards[6];
    DISPPARAMS parameters = {backwards, NULL, 6, 0};
    char spoken[4000] = "";
    VARIANT holdings[14], targets[4], tables[2], places[2];
    const wchar_t *header[7] = {L"Account", L"Symbol", L"Quantity", L"Price", L"Cost Basis", L"Date Acquired", L"Asset Class"};
    int column;

    for (column = 0; column < 7; column++)
        holdings[column] = text(header[column]);
    holdings[7] = text(L"IRA"), holdings[8] = text(L"VTI"), holdings[9] = error(count > 1 ? atol(arguments[1]) : 0);
    holdings[10] = number(100), holdings[11] = number(900), holdings[12] = number(45726), holdings[13] = text(L"US Stocks");
    targets[0] = text(L"Asset Class"), targets[1] = text(L"Target %"), targets[2] = text(L"US Stocks"), targets[3] = number(1);
    tables[0] = array(holdings, 2, 7), tables[1] = array(targets, 2, 2);
    places[0] = text(L"[Book1]Holdings!$A$1:$G$2"), places[1] = text(L"[Book1]Targets!$A$1:$B$2");
    backwards[5] = text(L"REBAL_DRIFT"), backwards[4] = array(tables, 2, 0), backwards[3] = array(places, 2, 0);
    backwards[2] = text(L"[Book1]Sheet1!$A$1"), backwards[1] = truth(VARIANT_FALSE), backwards[0] = truth(VARIANT_FALSE);

    CoInitialize(NULL);
    if (FAILED(CLSIDFromProgID(L"RebalXL.Engine", &id)))
        return 2;
    if (FAILED(CoCreateInstance(&id, NULL, CLSCTX_LOCAL_SERVER, &IID_IDispatch, (void **)&engine)))
        return 3;
    if (FAILED(IDispatch_GetIDsOfNames(engine, &IID_NULL, &method, 1, LOCALE_USER_DEFAULT, &call)))
        return 4;
    VariantInit(&answer);
    if (FAILED(IDispatch_Invoke(engine, call, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &parameters, &answer, NULL, NULL)))
        return 5;
    if (V_VT(&answer) != VT_BSTR)
        return 6;
    WideCharToMultiByte(CP_UTF8, 0, V_BSTR(&answer), -1, spoken, sizeof spoken, NULL, NULL);
    puts(spoken);
    IDispatch_Release(engine);
    CoUninitialize();
    return 0;
}
