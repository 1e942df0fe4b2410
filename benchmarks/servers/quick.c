/*
 * Answers every request at once with a small JSON, on one thread. Says on stdout
 *   listening PORT
 *   first NS                           when the first request was read (CLOCK_MONOTONIC)
 *   tick NS REQUESTS CONNECTIONS CPU   every 100 ms: totals so far, and the process's CPU in microseconds
 * and ends when its stdin does.
 */
#include "common.h"

static int64_t cpu_us(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

int main(void) {
  int limit = raise_file_limit();
  uint8_t *matched = calloc(limit, 1);
  int listener = listen_on_loopback(), poller = epoll_create1(0), ticker = timer_fd();
  struct itimerspec every = {{0, NS / 10}, {0, NS / 10}};
  timerfd_settime(ticker, 0, &every, NULL);
  watch(poller, listener);
  watch(poller, ticker);
  watch(poller, STDIN_FILENO);
  int64_t requests = 0, connections = 0;
  char bytes[1 << 16];
  struct epoll_event events[512];
  for (;;) {
    int count = epoll_wait(poller, events, 512, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == STDIN_FILENO) {
        if (read(fd, bytes, sizeof bytes) <= 0) return 0;
      } else if (fd == listener) {
        for (int one; (one = accept_one(listener)) >= 0; connections++) {
          matched[one] = 0;
          watch(poller, one);
        }
      } else if (fd == ticker) {
        uint64_t expirations;
        if (read(ticker, &expirations, sizeof expirations) < 0) continue;
        printf("tick %ld %ld %ld %ld\n", (long)now_ns(), (long)requests, (long)connections, (long)cpu_us());
        fflush(stdout);
      } else {
        ssize_t length = read(fd, bytes, sizeof bytes);
        if (length <= 0) {
          if (length < 0 && errno == EAGAIN) continue;
          close(fd);
          connections--;
          continue;
        }
        int complete = count_requests(bytes, length, &matched[fd]);
        if (complete > 0 && requests == 0) {
          printf("first %ld\n", (long)now_ns());
          fflush(stdout);
        }
        requests += complete;
        for (int n = 0; n < complete; n++)
          if (write(fd, ANSWER, ANSWER_LENGTH) < 0 && errno != EAGAIN && errno != EPIPE && errno != ECONNRESET) die("write");
      }
    }
  }
}
