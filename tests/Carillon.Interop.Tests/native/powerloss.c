/*
 * LD_PRELOAD shim that journals what a process does to the files of one directory, so that a test can later rebuild
 * the directory as a power loss would have left it: only what was fsynced is certain, the rest may be lost.
 *
 *   CARILLON_POWERLOSS_DIRECTORY  absolute path of the watched directory (its direct children are followed)
 *   CARILLON_POWERLOSS_JOURNAL    file, outside that directory, to which the journal is appended
 *   CARILLON_POWERLOSS_LYING      if set, fsync reports success and counts for nothing (a control for the test)
 *   CARILLON_POWERLOSS_HIDE       if set, dlopen of a library whose name holds this text fails
 *
 * Journal: records of struct header (little-endian, as the machine has it) followed by `length` bytes. The number of a
 * record is its position. Names ending in "-shm" are left out: SQLite's WAL index is no durable file, it is rebuilt.
 * What the shim cannot follow (a writable shared mapping, say) is journalled as UNSUPPORTED and fails the test.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPENED = 1, WRITTEN = 2, TRUNCATED = 3, SYNCED = 4, UNLINKED = 5, RENAMED = 6, UNSUPPORTED = 7 };
enum { DIRECTORY = 0, EVERYTHING = -1, UNTRACKED = -2 };
enum { OPEN_CREATED = 1, OPEN_TRUNCATED = 2 };
enum { MAX_FD = 65536, MAX_NAMES = 256 };

struct header { int32_t kind; int32_t object; uint64_t value; uint64_t length; };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER; /* guards everything below and the order of the journal */
static char directory[PATH_MAX];
static size_t directory_length;
static int journal = -1;
static uint64_t records;
static int lying;
static const char *hidden;
static int objects;
static int object_of[MAX_FD]; /* the object + 3, so that 0 means untracked */
static char synchronous[MAX_FD];
static struct { char name[NAME_MAX + 1]; int object; } names[MAX_NAMES];

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int tracked(int fd) { return fd >= 0 && fd < MAX_FD && object_of[fd] ? object_of[fd] - 3 : UNTRACKED; }

static void write_all(const void *data, size_t length)
{
    REAL(write);
    const char *at = data;
    while (length > 0) {
        ssize_t n = real(journal, at, length);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) abort();
        at += n;
        length -= (size_t)n;
    }
}

static void record(enum kind kind, int object, uint64_t value, const void *data, size_t length)
{
    struct header header = { kind, object, value, length };
    int saved = errno;
    write_all(&header, sizeof header);
    if (length) write_all(data, length);
    records++;
    errno = saved;
}

static void unsupported(const char *what) { record(UNSUPPORTED, UNTRACKED, 0, what, strlen(what)); }

__attribute__((constructor)) static void begin(void)
{
    REAL(open);
    const char *watched = getenv("CARILLON_POWERLOSS_DIRECTORY");
    const char *target = getenv("CARILLON_POWERLOSS_JOURNAL");
    hidden = getenv("CARILLON_POWERLOSS_HIDE");
    lying = getenv("CARILLON_POWERLOSS_LYING") != NULL;
    if (!watched || !target) return;
    if (!realpath(watched, directory)) abort();
    journal = real(target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (journal < 0) abort();
    directory_length = strlen(directory);
}

/* The name of a direct child of the watched directory, "" for the directory itself, NULL for anything else. */
static const char *child(int at, const char *path, char *space)
{
    if (journal < 0 || !path) return NULL;
    if (path[0] != '/') {
        if (at != AT_FDCWD) return NULL;
        if (!getcwd(space, PATH_MAX)) return NULL;
        size_t used = strlen(space);
        if (snprintf(space + used, PATH_MAX - used, "/%s", path) >= (int)(PATH_MAX - used)) return NULL;
        path = space;
    }
    if (strncmp(path, directory, directory_length) != 0) return NULL;
    path += directory_length;
    if (*path == '\0') return "";
    if (*path != '/') return NULL;
    while (*path == '/') path++;
    size_t length = strlen(path);
    if (length >= 4 && strcmp(path + length - 4, "-shm") == 0) return NULL;
    return path;
}

static int find_name(const char *name)
{
    for (int i = 0; i < MAX_NAMES; i++)
        if (names[i].object && strcmp(names[i].name, name) == 0) return i;
    return -1;
}

static int bind_name(const char *name)
{
    for (int i = 0; i < MAX_NAMES; i++) {
        if (names[i].object) continue;
        strncpy(names[i].name, name, NAME_MAX);
        return names[i].object = ++objects;
    }
    abort();
}

static void opened(int fd, const char *name, int flags, int existed)
{
    if (fd >= MAX_FD) abort();
    synchronous[fd] = (flags & O_DSYNC) != 0;
    if (*name == '\0') {
        object_of[fd] = DIRECTORY + 3;
        return;
    }
    int writes = (flags & O_ACCMODE) != O_RDONLY;
    if (strchr(name, '/')) {
        if (writes) unsupported("a file in a subdirectory was opened for writing");
        return;
    }
    int at = find_name(name);
    if (at >= 0 && !existed) {
        names[at].object = 0;
        at = -1;
    }
    uint64_t what = (existed ? 0 : OPEN_CREATED) | (flags & O_TRUNC && writes ? OPEN_TRUNCATED : 0);
    int object = at >= 0 ? names[at].object : bind_name(name);
    object_of[fd] = object + 3;
    if (at < 0 || what) record(OPENED, object, what, name, strlen(name));
}

#define OPEN(name, arguments, at_value) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); mode = va_arg(list, mode_t); va_end(list); } \
    REAL(name); \
    char space[PATH_MAX]; \
    const char *file = child(at_value, path, space); \
    if (!file) return real arguments; \
    pthread_mutex_lock(&gate); \
    int existed = access(path, F_OK) == 0; \
    int fd = real arguments; \
    int saved = errno; \
    if (fd >= 0) opened(fd, file, flags, existed); \
    pthread_mutex_unlock(&gate); \
    errno = saved; \
    return fd

int open(const char *path, int flags, ...) { OPEN(open, (path, flags, mode), AT_FDCWD); }
int open64(const char *path, int flags, ...) { OPEN(open64, (path, flags, mode), AT_FDCWD); }
int openat(int at, const char *path, int flags, ...) { OPEN(openat, (at, path, flags, mode), at); }
int openat64(int at, const char *path, int flags, ...) { OPEN(openat64, (at, path, flags, mode), at); }
int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open64(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int __open_2(const char *path, int flags) { return open(path, flags, 0); }
int __open64_2(const char *path, int flags) { return open64(path, flags, 0); }

int close(int fd)
{
    REAL(close);
    if (tracked(fd) == UNTRACKED) return real(fd);
    pthread_mutex_lock(&gate);
    object_of[fd] = 0;
    int result = real(fd);
    int saved = errno;
    pthread_mutex_unlock(&gate);
    errno = saved;
    return result;
}

/* Journals `written` bytes of the vectors at `offset`; the gate is held. */
static void wrote(int fd, const struct iovec *vectors, int count, off_t offset, ssize_t written)
{
    int object = tracked(fd);
    for (int i = 0; i < count && written > 0; i++) {
        size_t length = vectors[i].iov_len < (size_t)written ? vectors[i].iov_len : (size_t)written;
        record(WRITTEN, object, (uint64_t)offset, vectors[i].iov_base, length);
        offset += (off_t)length;
        written -= (ssize_t)length;
    }
    if (synchronous[fd] && !lying) record(SYNCED, object, records, NULL, 0);
}

#define WRITE(name, arguments, vectors, count, at) \
    REAL(name); \
    if (tracked(fd) == UNTRACKED) return real arguments; \
    pthread_mutex_lock(&gate); \
    off_t start = (at); \
    ssize_t written = real arguments; \
    int saved = errno; \
    if (written > 0) wrote(fd, vectors, count, start, written); \
    pthread_mutex_unlock(&gate); \
    errno = saved; \
    return written

static off_t position(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return lseek(fd, 0, flags >= 0 && flags & O_APPEND ? SEEK_END : SEEK_CUR);
}

#define ONE(data, length) (&(struct iovec){ (void *)(data), (length) })

ssize_t write(int fd, const void *data, size_t length) { WRITE(write, (fd, data, length), ONE(data, length), 1, position(fd)); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { WRITE(pwrite, (fd, data, length, at), ONE(data, length), 1, at); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) { WRITE(pwrite64, (fd, data, length, at), ONE(data, length), 1, at); }
ssize_t writev(int fd, const struct iovec *v, int n) { WRITE(writev, (fd, v, n), v, n, position(fd)); }
ssize_t pwritev(int fd, const struct iovec *v, int n, off_t at) { WRITE(pwritev, (fd, v, n, at), v, n, at); }
ssize_t pwritev64(int fd, const struct iovec *v, int n, off64_t at) { WRITE(pwritev64, (fd, v, n, at), v, n, at); }

#define FOLLOW(name, arguments, journalled) \
    REAL(name); \
    if (tracked(fd) == UNTRACKED) return real arguments; \
    pthread_mutex_lock(&gate); \
    __typeof__(real arguments) result = real arguments; \
    int saved = errno; \
    journalled; \
    pthread_mutex_unlock(&gate); \
    errno = saved; \
    return result

int ftruncate(int fd, off_t size) { FOLLOW(ftruncate, (fd, size), if (result == 0) record(TRUNCATED, tracked(fd), (uint64_t)size, NULL, 0)); }
int ftruncate64(int fd, off64_t size) { FOLLOW(ftruncate64, (fd, size), if (result == 0) record(TRUNCATED, tracked(fd), (uint64_t)size, NULL, 0)); }
int fallocate(int fd, int mode, off_t at, off_t size) { FOLLOW(fallocate, (fd, mode, at, size), unsupported("fallocate")); }
int fallocate64(int fd, int mode, off64_t at, off64_t size) { FOLLOW(fallocate64, (fd, mode, at, size), unsupported("fallocate64")); }
int posix_fallocate(int fd, off_t at, off_t size) { FOLLOW(posix_fallocate, (fd, at, size), unsupported("posix_fallocate")); }
int posix_fallocate64(int fd, off64_t at, off64_t size) { FOLLOW(posix_fallocate64, (fd, at, size), unsupported("posix_fallocate64")); }
ssize_t pwritev2(int fd, const struct iovec *v, int n, off_t at, int flags) { FOLLOW(pwritev2, (fd, v, n, at, flags), unsupported("pwritev2")); }
int dup(int fd) { FOLLOW(dup, (fd), unsupported("dup")); }
int dup2(int fd, int to) { FOLLOW(dup2, (fd, to), unsupported("dup2")); }
int dup3(int fd, int to, int flags) { FOLLOW(dup3, (fd, to, flags), unsupported("dup3")); }
ssize_t copy_file_range(int from, off64_t *a, int fd, off64_t *b, size_t n, unsigned flags) { FOLLOW(copy_file_range, (from, a, fd, b, n, flags), unsupported("copy_file_range")); }
ssize_t sendfile(int fd, int from, off_t *at, size_t n);
ssize_t sendfile(int fd, int from, off_t *at, size_t n) { FOLLOW(sendfile, (fd, from, at, n), unsupported("sendfile")); }
ssize_t sendfile64(int fd, int from, off64_t *at, size_t n);
ssize_t sendfile64(int fd, int from, off64_t *at, size_t n) { FOLLOW(sendfile64, (fd, from, at, n), unsupported("sendfile64")); }

/* What was written before the call is durable once the call has succeeded; what came while it ran is not counted. */
#define SYNC(name, fd, object, arguments) \
    REAL(name); \
    if ((object) == UNTRACKED) return real arguments; \
    if (lying) return 0; \
    pthread_mutex_lock(&gate); \
    uint64_t before = records; \
    int target = (object); \
    pthread_mutex_unlock(&gate); \
    int result = real arguments; \
    int saved = errno; \
    pthread_mutex_lock(&gate); \
    if (result == 0) record(SYNCED, target, before, NULL, 0); \
    pthread_mutex_unlock(&gate); \
    errno = saved; \
    return result

int fsync(int fd) { SYNC(fsync, fd, tracked(fd), (fd)); }
int fdatasync(int fd) { SYNC(fdatasync, fd, tracked(fd), (fd)); }
int syncfs(int fd) { SYNC(syncfs, fd, journal >= 0 ? EVERYTHING : UNTRACKED, (fd)); }

/* Every directory operation of the watched directory: journalled under the gate when it succeeded. */
#define RENAME(name, from_at, to_at, arguments) \
    REAL(name); \
    char one[PATH_MAX], two[PATH_MAX]; \
    const char *source = child(from_at, from, one), *target = child(to_at, to, two); \
    if (!source && !target) return real arguments; \
    pthread_mutex_lock(&gate); \
    int result = real arguments; \
    int saved = errno; \
    if (result == 0) renamed(source, target); \
    pthread_mutex_unlock(&gate); \
    errno = saved; \
    return result

static void renamed(const char *source, const char *target)
{
    char both[2 * NAME_MAX + 2];
    int at = source ? find_name(source) : -1;
    if (!source || !target || at < 0) {
        unsupported("a rename into or out of the directory, or of a file never opened");
        return;
    }
    int old = find_name(target);
    if (old >= 0) names[old].object = 0;
    int length = snprintf(both, sizeof both, "%s%c%s", source, '\n', target);
    strncpy(names[at].name, target, NAME_MAX);
    record(RENAMED, names[at].object, 0, both, (size_t)length);
}

int rename(const char *from, const char *to) { RENAME(rename, AT_FDCWD, AT_FDCWD, (from, to)); }
int renameat(int a, const char *from, int b, const char *to) { RENAME(renameat, a, b, (a, from, b, to)); }

#define UNLINK(name, at, arguments) \
    REAL(name); \
    char space[PATH_MAX]; \
    const char *file = child(at, path, space); \
    if (!file) return real arguments; \
    pthread_mutex_lock(&gate); \
    int result = real arguments; \
    int saved = errno; \
    if (result == 0) { \
        int known = find_name(file); \
        if (known >= 0) names[known].object = 0; \
        record(UNLINKED, UNTRACKED, 0, file, strlen(file)); \
    } \
    pthread_mutex_unlock(&gate); \
    errno = saved; \
    return result

int unlink(const char *path) { UNLINK(unlink, AT_FDCWD, (path)); }
int unlinkat(int at, const char *path, int flags) { UNLINK(unlinkat, at, (at, path, flags)); }

void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t at)
{
    REAL(mmap);
    if (tracked(fd) > DIRECTORY && flags & MAP_SHARED && protection & PROT_WRITE) unsupported("a writable shared mapping");
    return real(where, length, protection, flags, fd, at);
}

void *mmap64(void *where, size_t length, int protection, int flags, int fd, off64_t at)
{
    REAL(mmap64);
    if (tracked(fd) > DIRECTORY && flags & MAP_SHARED && protection & PROT_WRITE) unsupported("a writable shared mapping");
    return real(where, length, protection, flags, fd, at);
}

void *dlopen(const char *name, int flags)
{
    REAL(dlopen);
    return real(hidden && name && strstr(name, hidden) ? "/hidden/by/powerloss.so" : name, flags);
}
