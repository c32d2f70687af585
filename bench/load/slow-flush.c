/* Preloaded: every flush takes SLOW_FLUSH_MS longer, as on a disk without a protected cache. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <sys/uio.h>
#include <unistd.h>

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

/* A write to a file opened with O_DSYNC is its own flush. */
static ssize_t flushed(int file, ssize_t written) {
  int flags = fcntl(file, F_GETFL);
  if (flags >= 0 && (flags & O_DSYNC)) delay();
  return written;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) {
  ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
  return flushed(file, real(file, bytes, length, at));
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) {
  ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
  return flushed(file, real(file, bytes, length, at));
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
  ssize_t (*real)(int, const struct iovec *, int, off_t) = dlsym(RTLD_NEXT, "pwritev");
  return flushed(file, real(file, parts, count, at));
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at) {
  ssize_t (*real)(int, const struct iovec *, int, off64_t) = dlsym(RTLD_NEXT, "pwritev64");
  return flushed(file, real(file, parts, count, at));
}
