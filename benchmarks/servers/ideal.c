/*
 * The best that a client can do, as a yardstick for the yardstick: an open loop at an even rate over connections made
 * beforehand, timed from the schedule, sleeping until shortly before each instant and then spinning.
 *
 *   ideal PORT RATE SECONDS LOG
 *
 * LOG gets two 64-bit integers per request: nanoseconds of lateness at sending, and of response time from the schedule.
 */
#include "common.h"
#include <sched.h>

#define SPIN (80 * 1000LL)

static int *idle, idle_count;

static int connect_one(int port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: ideal PORT RATE SECONDS LOG\n");
    return 2;
  }
  int port = atoi(argv[1]), limit = raise_file_limit();
  int64_t gap = NS / atoi(argv[2]), planned = (int64_t)atoi(argv[2]) * atoi(argv[3]);
  /* Enough for a server that stands still for a second. */
  int connections = atoi(argv[2]) * 11 / 10 + 50;
  int64_t *scheduled = calloc(limit, sizeof *scheduled), *lateness = calloc(limit, sizeof *lateness);
  int64_t(*log)[2] = calloc(planned, sizeof *log);
  idle = calloc(connections, sizeof *idle);
  int poller = epoll_create1(0), timer = timer_fd();
  watch(poller, timer);
  for (int i = 0; i < connections; i++) {
    idle[idle_count++] = connect_one(port);
    watch(poller, idle[idle_count - 1]);
  }
  struct sched_param priority = {.sched_priority = 20};
  sched_setscheduler(0, SCHED_FIFO, &priority);
  static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  char bytes[4096];
  struct epoll_event events[512];
  int64_t start = now_ns() + NS / 10, sent = 0, received = 0;
  while (received < planned) {
    int64_t due = start + sent * gap;
    if (sent < planned && idle_count == 0) die("all connections are waiting");
    while (sent < planned && now_ns() >= due) {
      int fd = idle[--idle_count];
      scheduled[fd] = due;
      lateness[fd] = now_ns() - due;
      if (write(fd, request, sizeof request - 1) < 0) die("write");
      due = start + ++sent * gap;
    }
    int near = sent < planned && due - now_ns() <= SPIN;
    if (sent < planned && !near) {
      int64_t wake = due - SPIN;
      struct itimerspec at = {.it_value = {wake / NS, wake % NS}};
      timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
    }
    int count = epoll_wait(poller, events, 512, near ? 0 : -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      ssize_t length = read(fd, bytes, sizeof bytes);
      if (fd == timer || length < 0) continue;
      if (length != (ssize_t)ANSWER_LENGTH) die("answer");
      log[received][0] = lateness[fd];
      log[received++][1] = now_ns() - scheduled[fd];
      idle[idle_count++] = fd;
    }
  }
  FILE *file = fopen(argv[4], "wb");
  if (file == NULL || fwrite(log, sizeof *log, received, file) != (size_t)received || fclose(file) != 0) die(argv[4]);
  return 0;
}
