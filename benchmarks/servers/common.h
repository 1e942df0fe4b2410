/* What both servers share: a loopback listener on a free port, the clock, and the matcher of a request's end. */
#pragma once
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define NS 1000000000LL

static const char ANSWER[] = "HTTP/1.1 200 OK\r\n"
                             "Content-Type: application/json\r\n"
                             "Content-Length: 27\r\n"
                             "\r\n"
                             "{\"message\":\"hello, world\"}\n";
#define ANSWER_LENGTH (sizeof ANSWER - 1)

static inline int64_t clock_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * NS + t.tv_nsec;
}

static inline int64_t now_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

static inline void die(const char *what) {
  perror(what);
  exit(1);
}

/* As many connections as the system lets us have; gives the limit. */
static inline int raise_file_limit(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_max > (1 << 20) ? 1 << 20 : (int)limit.rlim_max;
}

/* A port of 0 is any free one. Says "listening PORT" on stdout. */
static inline int listen_on(int port, int shared) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (shared && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &shared, sizeof shared) < 0) die("SO_REUSEPORT");
  if (bind(fd, (struct sockaddr *)&address, length) < 0) die("bind");
  if (listen(fd, 65535) < 0) die("listen");
  getsockname(fd, (struct sockaddr *)&address, &length);
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static inline int listen_on_loopback(void) { return listen_on(0, 0); }

static inline int timer_fd(void) {
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  if (fd < 0) die("timerfd_create");
  return fd;
}

static inline void watch(int poller, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

static inline int accept_one(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (fd < 0) return -1;
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

/* Requests that end in these bytes; `matched` is how much of "\r\n\r\n" the connection has seen. No bodies. */
static inline int count_requests(const char *bytes, ssize_t length, uint8_t *matched) {
  static const char end[] = "\r\n\r\n";
  int requests = 0;
  for (ssize_t i = 0; i < length; i++) {
    if (bytes[i] == end[*matched]) {
      if (++*matched == 4) {
        requests++;
        *matched = 0;
      }
    } else {
      *matched = bytes[i] == '\r';
    }
  }
  return requests;
}
