/* Lets User-Mode-Linux run on a processor whose extended state is larger than that kernel knows.

   User-Mode-Linux 6.1 keeps 2,696 bytes of each process's registers. The host's kernel takes the registers back
   (PTRACE_SETREGSET, NT_X86_XSTATE) only as a whole, which is 11,008 bytes with AMX, and answers EFAULT. Preloaded into
   linux.uml, this library then reads the whole, puts the given bytes over its beginning, and sets the whole. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

typedef long ptrace_function(enum __ptrace_request, ...);

static long regset(enum __ptrace_request request, pid_t pid, struct iovec* data) {
  return syscall(SYS_ptrace, request, pid, (void*)(uintptr_t)NT_X86_XSTATE, data);
}

/* Sets the given bytes, and keeps those beyond them as they are. On failure errno is the kernel's. */
static long set_beginning(pid_t pid, struct iovec* given) {
  for (size_t size = 1u << 14;; size *= 2) {
    /* Memory of its own, since this is called where neither the stack nor malloc may be relied on. */
    void* whole = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (whole == MAP_FAILED) {
      return -1;
    }
    struct iovec data = {whole, size};
    long result = regset(PTRACE_GETREGSET, pid, &data);
    const int complete = data.iov_len < size; /* the kernel fills a buffer that is too small, and says no more */
    if (result == 0 && complete) {
      if (given->iov_len < data.iov_len) {
        memcpy(whole, given->iov_base, given->iov_len);
        result = regset(PTRACE_SETREGSET, pid, &data);
      } else {
        result = regset(PTRACE_SETREGSET, pid, given);
      }
    }
    const int error = errno;
    munmap(whole, size);
    errno = error;
    if (result != 0 || complete) {
      return result;
    }
  }
}

__attribute__((visibility("default"))) long ptrace(enum __ptrace_request request, ...) {
  static _Atomic(ptrace_function*) next;
  static atomic_bool too_short; /* it was once, so it always is: the first attempt can be spared */
  va_list list;
  va_start(list, request);
  const pid_t pid = va_arg(list, pid_t);
  void* address = va_arg(list, void*);
  void* data = va_arg(list, void*);
  va_end(list);
  ptrace_function* real = atomic_load(&next);
  if (real == NULL) {
    real = (ptrace_function*)(uintptr_t)dlsym(RTLD_NEXT, "ptrace");
    atomic_store(&next, real);
  }
  if (request != PTRACE_SETREGSET || (uintptr_t)address != NT_X86_XSTATE) {
    return real(request, pid, address, data);
  }
  if (!atomic_load(&too_short)) {
    const long result = real(request, pid, address, data);
    if (result == 0 || errno != EFAULT) {
      return result;
    }
  }
  const long result = set_beginning(pid, data);
  if (result == 0) {
    atomic_store(&too_short, 1);
  }
  return result;
}
