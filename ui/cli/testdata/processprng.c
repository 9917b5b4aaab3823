/* The one function of bcryptprimitives.dll that Go's runtime needs, which Debian's
   Wine 8.0 lacks: random bytes, from the system's generator. For the test under Wine
   alone; it is no part of the product.
   x86_64-w64-mingw32-gcc -shared -O2 -o bcryptprimitives.dll processprng.c -ladvapi32 */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
	while (length > 0) {
		ULONG part = length > 1 << 20 ? 1 << 20 : (ULONG)length;
		if (!RtlGenRandom(data, part)) /* SystemFunction036 */
			return FALSE;
		data += part;
		length -= part;
	}
	return TRUE;
}
