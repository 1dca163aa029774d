/* A server that is run by valgrind is not what /proc/self/exe says: that is valgrind. Where a process starts itself anew, this
 * gives it the program that SLUICE_BENCH_PROGRAM names. For LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

typedef int (*spawn)(pid_t*, const char*, const posix_spawn_file_actions_t*, const posix_spawnattr_t*, char* const[], char* const[]);

int posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* actions, const posix_spawnattr_t* attributes,
                char* const arguments[], char* const environment[]) {
    const char* program = getenv("SLUICE_BENCH_PROGRAM");
    if (program != NULL && strcmp(path, "/proc/self/exe") == 0) path = program;
    spawn real = (spawn)dlsym(RTLD_NEXT, "posix_spawn");
    return real(pid, path, actions, attributes, arguments, environment);
}
