#pragma once

// Exports a symbol from the shared library. All other symbols are hidden, so that libnm's and
// csnet's own helpers never reach a program that links csnet.
#if defined(__GNUC__)
#define CSNET_API __attribute__((visibility("default")))
#else
#define CSNET_API
#endif

// The inline namespace of the public API. Each minor version has an ABI of its own: a program that
// was compiled with the headers of another minor version does not link. Programs do not write this
// name: csnet::Plan is csnet::v0_1::Plan.
#define CSNET_ABI v0_1
