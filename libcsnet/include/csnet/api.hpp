#pragma once

// Marks what the shared library exports; everything else stays hidden, so that libnm's and our own
// helpers never leak into a program that links csnet.
#if defined(__GNUC__)
#define CSNET_API __attribute__((visibility("default")))
#else
#define CSNET_API
#endif
