/*
 * Answers each request after a delay that is known to a microsecond, and writes down what it did: the truth that load
 * generators are held against. One thread; counts from the kernel's receive timestamp, so that its own lateness in
 * reading does not lengthen an answer; sleeps until shortly before an answer is due, then spins.
 *
 *   known-delay MODE LOG     fixed | bimodal | lognormal | stall
 *
 *   fixed      5 ms
 *   bimodal    5 ms, every 50th request 200 ms
 *   lognormal  median 10 ms, sigma 0.6, always the same sequence
 *   stall      5 ms, but what would be due in [2, 3) of every 5 seconds from the first request on is answered at 3
 *
 * LOG gets, when stdin or the process ends, three 64-bit integers per request in order of sending: nanoseconds of
 * CLOCK_MONOTONIC at arrival, when the answer was due, and when it was handed to the kernel. Stdout: "listening PORT",
 * and whether it runs with real-time priority.
 */
#include "common.h"
#include <math.h>
#include <sched.h>
#include <signal.h>

#define MS 1000000LL
/* Longer than the kernel needs to wake a thread on an idle core. */
#define SPIN (80 * 1000LL)

struct answer {
  int64_t arrival, due;
  int fd;
  uint32_t generation;
};
struct record {
  int64_t arrival, due, sent;
};

static struct answer *heap;
static size_t waiting, heap_size;
static struct record *records;
static size_t recorded, records_size;

static void push(struct answer answer) {
  if (waiting == heap_size) heap = realloc(heap, (heap_size = heap_size * 2 + 4096) * sizeof *heap);
  size_t at = waiting++;
  for (; at > 0 && heap[(at - 1) / 2].due > answer.due; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
  heap[at] = answer;
}

static struct answer pop(void) {
  struct answer first = heap[0], last = heap[--waiting];
  size_t at = 0;
  for (size_t child; (child = 2 * at + 1) < waiting; at = child) {
    if (child + 1 < waiting && heap[child + 1].due < heap[child].due) child++;
    if (heap[child].due >= last.due) break;
    heap[at] = heap[child];
  }
  if (waiting > 0) heap[at] = last;
  return first;
}

/* xorshift64*, seeded by a constant: every run draws the same delays. */
static double uniform(void) {
  static uint64_t state = 0x9e3779b97f4a7c15ULL;
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return ((state * 0x2545f4914f6cdd1dULL >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void) { return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform()); }

enum mode { FIXED, BIMODAL, LOGNORMAL, STALL };

static int64_t due_of(enum mode mode, int64_t arrival) {
  static int64_t number, epoch;
  if (number++ == 0) epoch = arrival;
  switch (mode) {
  case BIMODAL:
    return arrival + (number % 50 == 0 ? 200 * MS : 5 * MS);
  case LOGNORMAL:
    return arrival + (int64_t)(10 * MS * exp(0.6 * normal()));
  case STALL: {
    int64_t due = arrival + 5 * MS, phase = (due - epoch) % (5 * NS);
    return phase >= 2 * NS && phase < 3 * NS ? due - phase + 3 * NS : due;
  }
  default:
    return arrival + 5 * MS;
  }
}

/* Reads, and gives the kernel's receive time of the last byte on the monotonic clock; the time of reading if it has none. */
static ssize_t receive(int fd, char *bytes, size_t size, int64_t *arrival) {
  char control[256];
  struct iovec vector = {bytes, size};
  struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t length = recvmsg(fd, &message, 0);
  int64_t now = now_ns(), wall = clock_ns(CLOCK_REALTIME);
  *arrival = now;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    struct timespec stamp;
    memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
    int64_t age = wall - (stamp.tv_sec * NS + stamp.tv_nsec);
    if (age > 0 && age < 10 * NS) *arrival = now - age;
  }
  return length;
}

static const char *log_path;

static void write_log(void) {
  FILE *file = fopen(log_path, "wb");
  if (file == NULL || fwrite(records, sizeof *records, recorded, file) != recorded || fclose(file) != 0) die(log_path);
}

static volatile sig_atomic_t ended;
static void on_signal(int signal) {
  (void)signal;
  ended = 1;
}

static void send_due(const uint32_t *generations) {
  while (waiting > 0 && heap[0].due - now_ns() <= SPIN) {
    struct answer answer = pop();
    while (now_ns() < answer.due) {}
    /* The connection may be gone, or its number may be another's by now. */
    if (generations[answer.fd] != answer.generation) continue;
    int64_t sent = now_ns();
    if (write(answer.fd, ANSWER, ANSWER_LENGTH) != ANSWER_LENGTH) continue;
    if (recorded == records_size) records = realloc(records, (records_size = records_size * 2 + 65536) * sizeof *records);
    records[recorded++] = (struct record){answer.arrival, answer.due, sent};
  }
}

int main(int argc, char **argv) {
  static const char *const names[] = {"fixed", "bimodal", "lognormal", "stall"};
  enum mode mode = FIXED;
  while (mode <= STALL && (argc < 3 || strcmp(argv[1], names[mode]) != 0)) mode++;
  if (mode > STALL) {
    fprintf(stderr, "usage: known-delay fixed|bimodal|lognormal|stall LOG\n");
    return 2;
  }
  log_path = argv[2];
  signal(SIGTERM, on_signal);
  signal(SIGINT, on_signal);
  signal(SIGPIPE, SIG_IGN);
  int limit = raise_file_limit();
  uint8_t *matched = calloc(limit, 1);
  uint32_t *generations = calloc(limit, sizeof *generations);
  int listener = listen_on_loopback(), poller = epoll_create1(0), timer = timer_fd();
  struct sched_param priority = {.sched_priority = 20};
  printf("priority %s\n", sched_setscheduler(0, SCHED_FIFO, &priority) == 0 ? "real-time" : "normal");
  fflush(stdout);
  watch(poller, listener);
  watch(poller, timer);
  watch(poller, STDIN_FILENO);
  char bytes[1 << 16];
  struct epoll_event events[512];
  while (!ended) {
    send_due(generations);
    if (waiting > 0) {
      int64_t wake = heap[0].due - SPIN;
      struct itimerspec at = {.it_value = {wake / NS, wake % NS}};
      timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
    }
    int count = epoll_wait(poller, events, 512, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == timer) {
        uint64_t expirations;
        if (read(timer, &expirations, sizeof expirations) < 0) continue;
      } else if (fd == STDIN_FILENO) {
        if (read(fd, bytes, sizeof bytes) <= 0) ended = 1;
      } else if (fd == listener) {
        for (int one; (one = accept_one(listener)) >= 0;) {
          int on = 1;
          setsockopt(one, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
          matched[one] = 0;
          watch(poller, one);
        }
      } else {
        int64_t arrival;
        ssize_t length = receive(fd, bytes, sizeof bytes, &arrival);
        if (length <= 0) {
          if (length < 0 && errno == EAGAIN) continue;
          generations[fd]++;
          close(fd);
          continue;
        }
        int complete = count_requests(bytes, length, &matched[fd]);
        for (int n = 0; n < complete; n++) push((struct answer){arrival, due_of(mode, arrival), fd, generations[fd]});
      }
    }
  }
  write_log();
  return 0;
}
