/* Loaded before the C library: while the file named by FAILING_DISK exists, what its first letter names fails with EIO.
   f: fsync and fdatasync; w: write and pwrite of a regular file with more than 512 octets. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char failing(void) {
    const char *file = getenv("FAILING_DISK");
    char letter = 0;
    int kept = errno, opened;
    if (!file) return 0;
    opened = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC);
    if (opened >= 0) {
        if (syscall(SYS_read, opened, &letter, 1) != 1) letter = 0;
        syscall(SYS_close, opened);
    }
    errno = kept;
    return letter;
}

static int broken(int fd, size_t count) {
    struct stat found;
    return count > 512 && failing() == 'w' && fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
}

int fsync(int fd) {
    if (failing() == 'f') { errno = EIO; return -1; }
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
    if (failing() == 'f') { errno = EIO; return -1; }
    return (int)syscall(SYS_fdatasync, fd);
}

ssize_t write(int fd, const void *octets, size_t count) {
    if (broken(fd, count)) { errno = EIO; return -1; }
    return syscall(SYS_write, fd, octets, count);
}

ssize_t pwrite(int fd, const void *octets, size_t count, off_t at) {
    if (broken(fd, count)) { errno = EIO; return -1; }
    return syscall(SYS_pwrite64, fd, octets, count, at);
}

ssize_t pwrite64(int fd, const void *octets, size_t count, off64_t at) {
    if (broken(fd, count)) { errno = EIO; return -1; }
    return syscall(SYS_pwrite64, fd, octets, count, at);
}
