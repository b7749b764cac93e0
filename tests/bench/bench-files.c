/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Large files up and down, by way of fd-api-files: how much memory they take beyond that of small ones, and how fast they go
 * compared with libsoup by itself. A server that keeps nothing is one process, each measured transfer another. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "flowdock/api/fd-api-files.h"

#define MIB (1024 * 1024)
#define SMALL MIB
#define LARGE ((gint64)1024 * MIB)
#define GOAL_GROWTH_KIB 2048
#define GOAL_RATIO 0.9
#define RUNS 3          /* of each transfer; their median counts */
#define WARM_UP 5       /* small files before a large one */
#define TIMEOUT_S 300   /* for a transfer */
#define BARE_STEP 65536 /* of a download by libsoup alone, as large as ours */

G_NORETURN static void give_up(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* --------------------------------------------------------------------------------------------------------- the server */

/* The head of a request, and how much of its body came with it. */
static gboolean read_head(int fd, char *head, gsize size, gsize *more)
{
    gsize length = 0;
    char *end;

    for (;;) {
        gssize count = read(fd, head + length, size - 1 - length);

        if (count <= 0)
            return FALSE;
        length += (gsize)count;
        head[length] = '\0';
        end = strstr(head, "\r\n\r\n");
        if (end)
            break;
    }
    *more = length - (gsize)(end + strlen("\r\n\r\n") - head);
    *end = '\0';
    return TRUE;
}

static void answer(int fd, const char *type, gint64 length)
{
    g_autofree char *head = g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %" G_GINT64_FORMAT
                                            "\r\nConnection: close\r\n\r\n",
                                            type, length);

    if (write(fd, head, strlen(head)) != (gssize)strlen(head))
        give_up("the server cannot answer");
}

/* Takes any upload; a download has as many bytes as the last part of its path says, all of them 0. */
static void serve_one(int fd)
{
    static char bytes[256 * 1024];
    char head[16 * 1024];
    const char *length;
    gsize more = 0;
    gint64 left;

    if (!read_head(fd, head, sizeof head, &more))
        return;
    if (g_str_has_prefix(head, "POST ")) {
        length = strstr(head, "Content-Length: ");
        left = length ? g_ascii_strtoll(length + strlen("Content-Length: "), NULL, 10) - (gint64)more : 0;
        for (gssize count = 1; left > 0 && count > 0; left -= count)
            count = read(fd, bytes, (gsize)MIN(left, (gint64)sizeof bytes));
        answer(fd, "application/json", 2);
        if (write(fd, "{}", 2) != 2)
            give_up("the server cannot answer");
        return;
    }
    *strchr(head + strlen("GET "), ' ') = '\0';
    left = g_ascii_strtoll(strrchr(head, '/') + 1, NULL, 10);
    answer(fd, "application/octet-stream", left);
    memset(bytes, 0, sizeof bytes);
    for (gssize count = 1; left > 0 && count > 0; left -= count)
        count = write(fd, bytes, (gsize)MIN(left, (gint64)sizeof bytes));
}

G_NORETURN static void serve(int listener)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);

        if (fd < 0)
            exit(1);
        serve_one(fd);
        close(fd);
    }
}

/* (transfer full): its address. */
static char *start_server(pid_t *server)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        give_up("there is no port for the server");
    *server = fork();
    if (*server == 0)
        serve(listener);
    close(listener);
    return g_strdup_printf("http://127.0.0.1:%u", ntohs(address.sin_port));
}

/* ---------------------------------------------------------------------------------------------- a process that transfers */

static GMainLoop *loop;
static gboolean watches; /* the memory */
static gint64 peak_kib;

/* Of this process: what no other one has, and what is in no file. Clean pages are left out: those of a library count as
 * private as long as no other process happens to use it. */
static gint64 private_kib(void)
{
    static char text[4096];
    int fd = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
    gssize length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    gint64 kib = 0;

    if (length <= 0)
        give_up("/proc/self/smaps_rollup cannot be read");
    close(fd);
    text[length] = '\0';
    for (const char *line = text; line; line = strchr(line + 1, '\n'))
        if (g_str_has_prefix(line, "\nPrivate_Dirty:") || g_str_has_prefix(line, "\nSwap:"))
            kib += g_ascii_strtoll(strchr(line, ':') + 1, NULL, 10);
    return kib;
}

static void on_progress(gint64 done, gint64 total, gpointer user_data)
{
    (void)done, (void)total, (void)user_data;
    if (watches)
        peak_kib = MAX(peak_kib, private_kib());
}

static FdApi *api_new(const char *url)
{
    const NetSessionOptions options = { "bench/1.0", NULL, NULL, 60, 4, MIB };
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(NetSession) session = net_session_new(&options, &error);

    if (!session)
        give_up(error->message);
    net_credential_set_bearer(credential, "token");
    return fd_api_new(session, credential, url);
}

static void on_uploaded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    FdMessage *message = NULL;

    (void)source, (void)user_data;
    if (!fd_api_message_send_finish(result, &message, &error))
        give_up(error->message);
    fd_message_free(message);
    g_main_loop_quit(loop);
}

static void upload(FdApi *api, const char *path)
{
    const FdApiPlace place = { .flow_path = "acme/main" };
    const FdApiUpload file = { .path = path, .progress = on_progress };

    fd_api_file_upload_async(api, &place, &file, NULL, on_uploaded, NULL);
    g_main_loop_run(loop);
}

static void on_downloaded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void)source, (void)user_data;
    if (!net_download_finish(result, &error))
        give_up(error->message);
    g_main_loop_quit(loop);
}

static void download(FdApi *api, const char *path, gint64 size)
{
    const NetDownload file = { .path = path, .overwrite = TRUE, .expected = -1, .progress = on_progress };
    g_autofree char *remote = g_strdup_printf("/files/a/b/%" G_GINT64_FORMAT, size);

    fd_api_file_download_async(api, remote, &file, NULL, on_downloaded, NULL);
    g_main_loop_run(loop);
}

/* ------------------------------------------------------------------------------------------------------- libsoup by itself */

static void on_bare_uploaded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) body = soup_session_send_and_read_finish(SOUP_SESSION(source), result, &error);

    (void)user_data;
    if (!body)
        give_up(error->message);
    g_main_loop_quit(loop);
}

static void bare_upload(SoupSession *session, const char *url, const char *path, gint64 size)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, NULL);
    g_autoptr(SoupMessage) message = soup_message_new("POST", url);

    soup_message_set_request_body(message, "application/octet-stream", G_INPUT_STREAM(stream), (gssize)size);
    soup_session_send_and_read_async(session, message, G_PRIORITY_DEFAULT, NULL, on_bare_uploaded, NULL);
    g_main_loop_run(loop);
}

static GOutputStream *bare_file;
static char bare_chunk[BARE_STEP];

/* Writes at once, as is simplest and fastest; a program with windows cannot do that. */
static void on_bare_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    gssize count = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);

    (void)user_data;
    if (count < 0 || !g_output_stream_write_all(bare_file, bare_chunk, (gsize)count, NULL, NULL, NULL))
        give_up("the bare download failed");
    if (count > 0)
        g_input_stream_read_async(G_INPUT_STREAM(source), bare_chunk, sizeof bare_chunk, G_PRIORITY_DEFAULT, NULL,
                                  on_bare_read, NULL);
    else
        g_main_loop_quit(loop);
}

static void on_bare_head(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    GInputStream *body = soup_session_send_finish(SOUP_SESSION(source), result, &error);

    (void)user_data;
    if (!body)
        give_up(error->message);
    g_input_stream_read_async(body, bare_chunk, sizeof bare_chunk, G_PRIORITY_DEFAULT, NULL, on_bare_read, NULL);
    g_object_unref(body);
}

static void bare_download(SoupSession *session, const char *url, const char *path, gint64 size)
{
    g_autofree char *whole = g_strdup_printf("%s/files/a/b/%" G_GINT64_FORMAT, url, size);
    g_autoptr(SoupMessage) message = soup_message_new("GET", whole);
    g_autoptr(GFile) file = g_file_new_for_path(path);

    bare_file = G_OUTPUT_STREAM(g_file_replace(file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL));
    soup_session_send_async(session, message, G_PRIORITY_DEFAULT, NULL, on_bare_head, NULL);
    g_main_loop_run(loop);
    g_output_stream_close(bare_file, NULL, NULL);
    g_object_unref(bare_file);
}

/* ------------------------------------------------------------------------------------------------------- what is measured */

static gboolean on_timeout(gpointer user_data)
{
    (void)user_data;
    give_up("a transfer takes too long");
}

/* The most memory while small files go, and while a large one does; in KiB. */
static void measure_memory(gboolean is_upload, const char *url, const char *dir)
{
    g_autoptr(FdApi) api = api_new(url);
    g_autofree char *small = g_build_filename(dir, "small", NULL);
    g_autofree char *large = g_build_filename(dir, "large", NULL);
    g_autofree char *target = g_build_filename(dir, "target", NULL);
    gint64 small_kib;

    watches = TRUE;
    for (int i = 0; i < WARM_UP; i++) {
        if (is_upload)
            upload(api, small);
        else
            download(api, target, SMALL);
    }
    small_kib = peak_kib;
    if (is_upload)
        upload(api, large);
    else
        download(api, target, LARGE);
    peak_kib = MAX(peak_kib, private_kib());
    printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", small_kib, peak_kib);
}

static double cpu_s(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

/* How long a large file takes, in all and of the processor; in milliseconds. */
static void measure_time(gboolean is_upload, gboolean is_bare, const char *url, const char *dir)
{
    g_autoptr(FdApi) api = api_new(url);
    g_autoptr(SoupSession) session = soup_session_new();
    g_autofree char *large = g_build_filename(dir, "large", NULL);
    g_autofree char *target = g_build_filename(dir, "target", NULL);
    double cpu = cpu_s();
    gint64 begin_us = g_get_monotonic_time();

    if (is_bare && is_upload)
        bare_upload(session, url, large, LARGE);
    else if (is_bare)
        bare_download(session, url, target, LARGE);
    else if (is_upload)
        upload(api, large);
    else
        download(api, target, LARGE);
    printf("%" G_GINT64_FORMAT " %.0f\n", (g_get_monotonic_time() - begin_us) / 1000, (cpu_s() - cpu) * 1000);
}

static int be_client(char **arguments)
{
    gboolean is_upload = g_str_equal(arguments[1], "up");

    loop = g_main_loop_new(NULL, FALSE);
    g_timeout_add_seconds(TIMEOUT_S, on_timeout, NULL);
    if (g_str_equal(arguments[0], "memory"))
        measure_memory(is_upload, arguments[2], arguments[3]);
    else
        measure_time(is_upload, g_str_equal(arguments[0], "bare"), arguments[2], arguments[3]);
    return 0;
}

/* -------------------------------------------------------------------------------------------------------------- the table */

typedef struct {
    gint64 first, second; /* what the client has printed */
} Pair;

static const char *server_url, *folder;
static gboolean profiles;

static Pair run_client(const char *what, const char *direction)
{
    char *arguments[] = { (char *)"/proc/self/exe", (char *)what,   (char *)direction,
                          (char *)server_url,       (char *)folder, NULL };
    g_autofree char *target = g_build_filename(folder, "target", NULL);
    g_autofree char *output = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    char *end;
    Pair pair;

    if (!g_spawn_sync(NULL, arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error))
        give_up(error->message);
    if (status != 0)
        give_up("a transfer failed");
    g_unlink(target);
    pair.first = g_ascii_strtoll(output, &end, 10);
    pair.second = g_ascii_strtoll(end, NULL, 10);
    if (profiles)
        printf("  %s %s: %s", what, direction, output);
    return pair;
}

static void show_memory(const char *direction)
{
    Pair kib = run_client("memory", direction);
    gint64 growth = MAX(kib.second - kib.first, 0);

    printf("  %-10s %14" G_GINT64_FORMAT " %14" G_GINT64_FORMAT " %14" G_GINT64_FORMAT "  %s\n", direction, kib.first,
           kib.second, growth, growth <= GOAL_GROWTH_KIB ? "met" : "missed");
}

static int compare(gconstpointer a, gconstpointer b)
{
    const Pair *one = a, *other = b;

    return one->first < other->first ? -1 : one->first > other->first;
}

static double mib_per_s(gint64 ms)
{
    return (double)LARGE / MIB * 1000 / (double)MAX(ms, 1);
}

static void show_speed(const char *direction)
{
    Pair ours[RUNS], bare[RUNS];
    double ratio;

    /* In turn, so that both meet the same neighbours. */
    for (int i = 0; i < RUNS; i++) {
        ours[i] = run_client("ours", direction);
        bare[i] = run_client("bare", direction);
    }
    qsort(ours, RUNS, sizeof *ours, compare);
    qsort(bare, RUNS, sizeof *bare, compare);
    ratio = (double)bare[RUNS / 2].first / (double)MAX(ours[RUNS / 2].first, 1);
    printf("  %-10s %14.0f %14.0f %14.2f %12.2f %12.2f  %s\n", direction, mib_per_s(ours[RUNS / 2].first),
           mib_per_s(bare[RUNS / 2].first), ratio, (double)ours[RUNS / 2].second / 1000,
           (double)bare[RUNS / 2].second / 1000, ratio >= GOAL_RATIO ? "met" : "missed");
}

/* Takes no room on the disk. */
static void make_sparse(const char *name, gint64 size)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    int fd = g_creat(path, 0600);

    if (fd < 0 || ftruncate(fd, size) != 0)
        give_up("the files cannot be made");
    close(fd);
}

static void remove_files(void)
{
    static const char *const names[] = { "small", "large", "target" };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);

        g_unlink(path);
    }
    g_rmdir(folder);
}

static gboolean has_room(void)
{
    struct statvfs disk;

    return statvfs(folder, &disk) == 0 && (gint64)disk.f_bavail * (gint64)disk.f_frsize > LARGE + LARGE / 2;
}

int main(int argc, char **argv)
{
    g_autofree char *url = NULL, *dir = NULL;
    pid_t server;

    if (argc == 5)
        return be_client(argv + 1);
    profiles = g_getenv("BENCH_PROFILE") != NULL;
    setvbuf(stdout, NULL, _IOLBF, 0);
    server_url = url = start_server(&server);
    folder = dir = g_dir_make_tmp("flowdock-bench-XXXXXX", NULL);
    if (!folder)
        give_up("there is no temporary folder");
    atexit(remove_files);
    if (!has_room())
        give_up("files: the temporary folder has no room for 1.5 GiB");
    make_sparse("small", SMALL);
    make_sparse("large", LARGE);
    printf("files: 1 GiB up and down, the server keeps nothing\n");
    printf("  %-10s %14s %14s %14s  goal <= %d KiB\n", "memory", "1 MiB, KiB", "1 GiB, KiB", "growth, KiB",
           GOAL_GROWTH_KIB);
    show_memory("up");
    show_memory("down");
    printf("  %-10s %14s %14s %14s %12s %12s  goal >= %.1f\n", "speed", "ours, MiB/s", "libsoup, MiB/s", "ratio",
           "our cpu, s", "its cpu, s", GOAL_RATIO);
    show_speed("up");
    show_speed("down");
    kill(server, SIGTERM);
    return 0;
}
