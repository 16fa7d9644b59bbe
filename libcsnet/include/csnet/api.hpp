#pragma once

// Marks what the shared library exports; everything else stays hidden, so that libnm's and our own
// helpers never leak into a program that links csnet.
#if defined(__GNUC__)
#define CSNET_API __attribute__((visibility("default")))
#else
#define CSNET_API
#endif

// The inline namespace of all that csnet offers. Each minor version has an ABI of its own: where a program was compiled
// with the headers of another one, it does not link. Nobody writes this name: csnet::Plan is csnet::v0_1::Plan.
#define CSNET_ABI v0_1
