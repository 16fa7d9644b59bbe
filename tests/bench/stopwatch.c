/// Runs a command inside a host of the lab and says what it took: one JSON object on standard output, and what a command
/// that failed has printed on standard error. Small, since a child's peak memory counts from that of its parent.

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char** environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double seconds(struct timeval time) {
  return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const int output = memfd_create("output", MFD_CLOEXEC);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);

  const double begin = now();
  pid_t pid = 0;
  if (posix_spawnp(&pid, argv[1], &files, NULL, argv + 1, environ) != 0) {
    perror(argv[1]);
    return 127;
  }
  int status = 0;
  struct rusage usage;
  wait4(pid, &status, 0, &usage);  // of it, and of all its descendants
  const double wall = now() - begin;

  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  printf("{\"wall\": %.9f, \"cpu\": %.6f, \"memory\": %ld, \"status\": %d}\n", wall,
         seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss * 1024, code);
  off_t from = 0;
  while (code != 0 && sendfile(STDERR_FILENO, output, &from, 1 << 20) > 0) {
  }
  return 0;
}
