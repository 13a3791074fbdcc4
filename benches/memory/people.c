/* Processes whose memory is known, a bare loop over /proc, and the CPU time of programs: for
 * benches/memory.sh. C, as forks without exec and mappings are plain here. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MB = 1 << 20, PAGE = 4096, CHILDREN = 16384, ROUNDS = 99 };

/* The parent's end is the child's: nobody is left behind, whatever ends the bench. */
static void follow(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL)) err(1, "prctl");
    if (getppid() != parent) _exit(1);
}

static void *map(size_t bytes, int flags, int fd) {
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (at == MAP_FAILED) err(1, "mmap");
    return at;
}

static void touch(void *at, size_t bytes) {
    for (size_t offset = 0; offset < bytes; offset += PAGE) ((volatile char *)at)[offset] = 1;
}

static char *private(size_t bytes) {
    char *at = map(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    /* Page by page, as most memory is: with huge ones the kernel has less to walk. */
    madvise(at, bytes, MADV_NOHUGEPAGE);
    touch(at, bytes);
    return at;
}

/* sleep KB: what a small real program has, and KB kilobytes of its own; says so and waits. */
static int sleeper(size_t kilobytes) {
    static const char *const libraries[] = {"libm.so.6", "libz.so.1", "libstdc++.so.6", "libcrypto.so.3",
                                            "libssl.so.3", "libsqlite3.so.0"};
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) dlopen(libraries[i], RTLD_NOW);
    if (kilobytes) private(kilobytes << 10);
    if (write(STDOUT_FILENO, ".", 1) != 1) return 1;
    close(STDOUT_FILENO);
    for (;;) pause();
}

/* people same|zipf COUNT: so many of them; the k-th of zipf has 200 MB / k. */
static int people(const char *self, int are_zipf, int count) {
    int ready[2];
    if (pipe(ready)) err(1, "pipe");
    int started = 0;
    for (int at = 1; at <= count; at++) {
        char kilobytes[16];
        snprintf(kilobytes, sizeof kilobytes, "%d", are_zipf ? 200 * 1024 / at : 0);
        pid_t parent = getpid();
        pid_t child = vfork();
        if (child < 0) err(1, "vfork");
        if (child == 0) {
            follow(parent);
            dup2(ready[1], STDOUT_FILENO);
            close(ready[0]);
            execl(self, "people", "sleep", kilobytes, (char *)NULL);
            _exit(127);
        }
        /* A few at a time. */
        while (at - started > (at < count ? 16 : 0)) {
            char seen[64];
            ssize_t got = read(ready[0], seen, sizeof seen);
            if (got <= 0) errx(1, "a child did not start");
            started += (int)got;
        }
    }
    printf("ready\n");
    fflush(stdout);
    for (;;) pause();
}

static pid_t children[CHILDREN];
static int born;

/* Forks, without exec; the child does its part, if any, and waits. */
static void child(void *memory, size_t bytes, int ready) {
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0) err(1, "fork");
    if (pid == 0) {
        follow(parent);
        if (memory) touch(memory, bytes);
        if (write(ready, ".", 1) != 1) _exit(1);
        for (;;) pause();
    }
    children[born++] = pid;
}

static int swapped(void) {
    char line[256];
    int kilobytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    if (!status) err(1, "/proc/self/status");
    while (fgets(line, sizeof line, status)) sscanf(line, "VmSwap: %d kB", &kilobytes);
    fclose(status);
    return kilobytes;
}

/* made KIND: processes with so much memory; prints its MB and their numbers, and waits. */
static int made(const char *kind) {
    int ready[2], megabytes = 0, count = 0;
    char *memory = NULL;
    if (pipe(ready)) err(1, "pipe");
    if (!strcmp(kind, "private")) {
        private((size_t)(megabytes = 1024) * MB);
    } else if (!strcmp(kind, "reserved")) {
        char *at = map((size_t)2048 * MB, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
        madvise(at, (size_t)2048 * MB, MADV_NOHUGEPAGE);
        touch(at, (size_t)(megabytes = 100) * MB);
    } else if (!strcmp(kind, "forks")) {
        private((size_t)(megabytes = 200) * MB);
        count = 8;
    } else if (!strcmp(kind, "shared") || !strcmp(kind, "memfd")) {
        int is_memfd = *kind == 'm';
        char name[] = "/dev/shm/people-XXXXXX";
        int fd = is_memfd ? memfd_create("people", 0) : mkstemp(name);
        if (fd < 0) err(1, "%s", kind);
        if (!is_memfd) unlink(name);
        megabytes = is_memfd ? 100 : 200;
        count = is_memfd ? 1 : 3;
        if (ftruncate(fd, (off_t)megabytes * MB)) err(1, "ftruncate");
        memory = map((size_t)megabytes * MB, MAP_SHARED, fd);
        touch(memory, (size_t)megabytes * MB);
    } else if (!strcmp(kind, "hugetlb")) {
        char *at = map((size_t)(megabytes = 64) * MB, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);
        touch(at, (size_t)megabytes * MB);
    } else if (!strcmp(kind, "swap")) {
        size_t bytes = (size_t)(megabytes = 200) * MB;
        char *at = private(bytes);
        for (int tries = 0; tries < 50 && swapped() < megabytes * 1024; tries++) {
            madvise(at, bytes, MADV_PAGEOUT);
            usleep(100000);
        }
    } else {
        errx(2, "unknown: %s", kind);
    }
    for (int at = 0; at < count; at++) child(memory, (size_t)megabytes * MB, ready[1]);
    char seen;
    for (int at = 0; at < count; at++)
        if (read(ready[0], &seen, 1) != 1) err(1, "read");
    printf("%d %d", megabytes, getpid());
    for (int at = 0; at < born; at++) printf(",%d", children[at]);
    printf("\n");
    fflush(stdout);
    for (;;) pause();
}

/* loop: reads smaps_rollup of every process, and no more. */
static int loop(void) {
    char path[64], text[8192];
    DIR *procfs = opendir("/proc");
    if (!procfs) err(1, "/proc");
    for (struct dirent *entry; (entry = readdir(procfs));) {
        if (!isdigit((unsigned char)*entry->d_name)) continue;
        snprintf(path, sizeof path, "/proc/%.20s/smaps_rollup", entry->d_name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) continue;
        while (read(fd, text, sizeof text) > 0) {}
        close(fd);
    }
    closedir(procfs);
    return 0;
}

struct cost {
    double milliseconds;
    long peak;
};

/* Runs a command line without quotes; its output goes to a file, as if it were kept. */
static struct cost cost(const char *line, int output) {
    char copy[4096], *words[64];
    int count = 0;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok(copy, " "); word && count < 63; word = strtok(NULL, " ")) words[count++] = word;
    words[count] = NULL;
    if (ftruncate(output, 0) || lseek(output, 0, SEEK_SET)) err(1, "output");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    pid_t pid;
    errno = posix_spawnp(&pid, words[0], &actions, NULL, words, environ);
    if (errno) err(1, "%s", words[0]);
    posix_spawn_file_actions_destroy(&actions);
    struct rusage used;
    int status;
    if (wait4(pid, &status, 0, &used) != pid) err(1, "wait4");
    if (!WIFEXITED(status) || WEXITSTATUS(status)) errx(1, "failed: %s", line);
    double seconds = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
    return (struct cost){seconds * 1e3 + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3, used.ru_maxrss};
}

static int compare(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *of, int count) {
    qsort(of, (size_t)count, sizeof *of, compare);
    return of[count / 2];
}

/* pairs ROUNDS A B: the two by turns. Prints the medians of both's CPU milliseconds and of the ratios of
 * neighbours, and the highest resident memory of A in kB. */
static int pairs(int rounds, const char *a, const char *b) {
    double first[ROUNDS], second[ROUNDS], ratio[ROUNDS];
    long peak = 0;
    if (rounds < 1 || rounds > ROUNDS) errx(2, "1 to %d rounds", ROUNDS);
    int output = memfd_create("output", MFD_CLOEXEC);
    if (output < 0) err(1, "memfd_create");
    cost(a, output);
    cost(b, output);
    for (int at = 0; at < rounds; at++) {
        /* Either goes first as often. */
        struct cost other, one;
        if (at % 2) {
            other = cost(b, output);
            one = cost(a, output);
        } else {
            one = cost(a, output);
            other = cost(b, output);
        }
        first[at] = one.milliseconds;
        second[at] = other.milliseconds;
        ratio[at] = one.milliseconds / other.milliseconds;
        if (one.peak > peak) peak = one.peak;
    }
    printf("%.1f %.1f %.3f %ld\n", median(first, rounds), median(second, rounds), median(ratio, rounds), peak);
    return 0;
}

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "";
    if (count == 3 && !strcmp(what, "sleep")) return sleeper((size_t)atol(words[2]));
    /* The script's end is ours. */
    if (count == 4 && !strcmp(what, "people")) {
        follow(getppid());
        return people(words[0], !strcmp(words[2], "zipf"), atoi(words[3]));
    }
    if (count == 3 && !strcmp(what, "made")) {
        follow(getppid());
        return made(words[2]);
    }
    if (count == 2 && !strcmp(what, "loop")) return loop();
    if (count == 5 && !strcmp(what, "pairs")) return pairs(atoi(words[2]), words[3], words[4]);
    errx(2, "sleep KB | people same|zipf COUNT | made KIND | loop | pairs ROUNDS A B");
}
