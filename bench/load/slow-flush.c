/* Preloaded: every flush takes SLOW_FLUSH_MS longer, as on a disk without a protected cache. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void delay(void) {
  static long ms = -1;
  if (ms < 0) {
    const char *given = getenv("SLOW_FLUSH_MS");
    ms = given ? atol(given) : 0;
  }
  struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&pause, NULL);
}

int fdatasync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  int result = real(file);
  delay();
  return result;
}

int fsync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  int result = real(file);
  delay();
  return result;
}
