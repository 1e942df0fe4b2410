/*
 * Sends every message to every member, over plain WebSocket (any path) and Socket.IO over WebSocket (a query with EIO=4):
 * one frame a message, one write to each member for all messages that had come by then. Who cannot take more is waited
 * for, so that messages come as fast as the receivers can take them; publishers are acknowledged once all members have the
 * message.
 *
 *   broadcast [MEMBERS [RATE [PORT]]]  MEMBERS: publishes by itself once so many have joined, 0: never; RATE: so many messages
 *                                      a second, 0: all it can; PORT: shared with others of its kind, 0: any
 *
 *   {"type":"room:join","re":1,…}      is answered with {"type":"ack","re":1,"ok":true}; 42ID["room:join",…] with 43ID[{"ok":true}]
 *   {"type":"message:send","re":1,…}   likewise, and goes to the members as {"type":"message","re":1,…}
 *   42ID["message:send",{…}]           likewise, as 42["message",{…}]
 *
 * Says on stdout
 *   listening PORT
 *   tick NS FRAMES CONNECTIONS CPU MEMBERS   every 100 ms: frames sent to members so far, CPU of the process in microseconds
 * and ends when its stdin does.
 */
#include "websocket.h"
#include <poll.h>

#define LARGEST 32768
#define PING_SECONDS 25
/* A member that takes nothing for so long is gone. */
#define PATIENCE_MS 10000

struct connection {
  uint8_t open, upgraded, io;
  int member; /* its place among the members, -1: none */
  int kept;   /* bytes of an unfinished frame */
  char *rest;
};

static struct connection *connections;
static int *members, member_count, poller;
static int64_t frames, connected, published;

static int64_t cpu_us(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/* Marked only: a place among the members is given up between broadcasts. */
static void drop(int fd) {
  connections[fd].open = 0;
  shutdown(fd, SHUT_RDWR);
}

static void put(int fd, const char *bytes, int length) {
  while (length > 0) {
    ssize_t written = send(fd, bytes, length, MSG_NOSIGNAL);
    if (written < 0 && errno == EAGAIN) {
      struct pollfd room = {.fd = fd, .events = POLLOUT};
      if (poll(&room, 1, PATIENCE_MS) > 0) continue;
    }
    if (written < 0) return drop(fd);
    bytes += written, length -= written;
  }
}

static void say(int fd, const char *text, int length) {
  char frame[LARGEST + 4];
  put(fd, frame, write_frame(frame, 1, text, length));
}

/* What the members get next, and who is told of it afterwards. */
static struct batch {
  char bytes[4 * LARGEST];
  int length, frames;
} batches[2];
static struct { int fd, length; char frame[64]; } answers[512];
static int answer_count;

static void flush(void) {
  for (int i = 0; i < member_count; i++) {
    int fd = members[i];
    const struct batch *batch = &batches[connections[fd].io];
    if (!connections[fd].open || batch->frames == 0) continue;
    put(fd, batch->bytes, batch->length);
    frames += batch->frames;
  }
  for (int i = 0; i < answer_count; i++) put(answers[i].fd, answers[i].frame, answers[i].length);
  batches[0].length = batches[0].frames = batches[1].length = batches[1].frames = answer_count = 0;
}

static void forget(int fd) {
  flush(); /* an answer must not reach the next one of this number */
  struct connection *one = &connections[fd];
  if (one->member >= 0) {
    int last = members[--member_count];
    members[one->member] = last;
    connections[last].member = one->member;
  }
  free(one->rest);
  *one = (struct connection){.member = -1};
  close(fd);
  connected--;
}

static void broadcast(int io, const char *text, int length) {
  struct batch *batch = &batches[io];
  if (batch->length + length + 4 > (int)sizeof batch->bytes) flush();
  batch->length += write_frame(batch->bytes + batch->length, 1, text, length);
  batch->frames++;
}

/* Once the members have what came before. */
static void say_after(int fd, const char *text, int length) {
  if (answer_count == sizeof answers / sizeof *answers) flush();
  answers[answer_count].fd = fd;
  answers[answer_count].length = write_frame(answers[answer_count].frame, 1, text, length);
  answer_count++;
}

static void join(int fd) {
  if (connections[fd].member >= 0) return;
  flush();
  connections[fd].member = member_count;
  members[member_count++] = fd;
}

static int begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/* `text` ends in a NUL. What a message is answered with, and who gets it, is read off its beginning. */
static void hear_io(int fd, const char *text) {
  char answer[LARGEST];
  if (begins(text, "40")) {
    say(fd, answer, snprintf(answer, sizeof answer, "40{\"sid\":\"s%d\"}", fd));
    return;
  }
  if (!begins(text, "42")) return;
  int digits = strspn(text + 2, "0123456789");
  const char *event = text + 2 + digits;
  if (begins(event, "[\"room:join\"")) join(fd);
  if (begins(event, "[\"message:send\"")) {
    broadcast(1, answer, snprintf(answer, sizeof answer, "42[\"message\"%s", event + strlen("[\"message:send\"")));
  }
  if (digits > 0 && digits < 20) say_after(fd, answer, snprintf(answer, sizeof answer, "43%.*s[{\"ok\":true}]", digits, text + 2));
}

static void hear_plain(int fd, const char *text) {
  static const char send[] = "{\"type\":\"message:send\"";
  char answer[LARGEST];
  if (begins(text, "{\"type\":\"room:join\"")) join(fd);
  if (begins(text, send)) {
    broadcast(0, answer, snprintf(answer, sizeof answer, "{\"type\":\"message\"%s", text + strlen(send)));
  }
  const char *re = strstr(text, "\"re\":");
  if (re != NULL) say_after(fd, answer, snprintf(answer, sizeof answer, "{\"type\":\"ack\",\"re\":%ld,\"ok\":true}", atol(re + 5)));
}

static void shake_hands(int fd, const char *request) {
  char answer[512];
  const char *key = strcasestr(request, "sec-websocket-key:");
  if (key == NULL) {
    put(fd, ANSWER, ANSWER_LENGTH);
    return;
  }
  key += strlen("sec-websocket-key:");
  key += strspn(key, " ");
  put(fd, answer, switching_protocols(answer, sizeof answer, key, strcspn(key, " \r")));
  struct connection *one = &connections[fd];
  one->upgraded = 1;
  const char *line_end = strchr(request, '\r');
  const char *engine = strstr(request, "EIO=4");
  one->io = engine != NULL && engine < line_end;
  if (one->io)
    say(fd, answer,
        snprintf(answer, sizeof answer,
                 "0{\"sid\":\"e%d\",\"upgrades\":[],\"pingInterval\":%d000,\"pingTimeout\":20000,\"maxPayload\":1000000}", fd,
                 PING_SECONDS));
}

/* Takes what is whole off the beginning; gives how much that was. */
static int take(int fd, char *bytes, int length) {
  struct connection *one = &connections[fd];
  if (!one->upgraded) {
    char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (end == NULL) return length < LARGEST ? 0 : -1;
    *end = 0;
    shake_hands(fd, bytes);
    return end + 4 - bytes;
  }
  struct frame frame;
  int size = read_frame(bytes, length, &frame);
  if (size <= 0) return size == 0 && length >= LARGEST ? -1 : size;
  char pong[LARGEST + 4], after = frame.payload[frame.length];
  frame.payload[frame.length] = 0;
  if (frame.opcode == 8 || frame.length > LARGEST - 64) return -1;
  if (frame.opcode == 9) put(fd, pong, write_frame(pong, 10, frame.payload, frame.length));
  if (frame.opcode == 1) (one->io ? hear_io : hear_plain)(fd, frame.payload);
  frame.payload[frame.length] = after;
  return size;
}

static void hear(int fd) {
  static char bytes[2 * LARGEST + 1];
  struct connection *one = &connections[fd];
  memcpy(bytes, one->rest, one->kept);
  ssize_t got = read(fd, bytes + one->kept, LARGEST);
  if (got < 0 && errno == EAGAIN) return;
  int length = one->kept + (got > 0 ? got : 0), at = 0, size = got > 0 ? 1 : -1;
  while (size > 0 && at < length && one->open) {
    size = take(fd, bytes + at, length - at);
    if (size > 0) at += size;
  }
  if (size < 0 || !one->open) return forget(fd);
  one->kept = length - at;
  free(one->rest);
  one->rest = one->kept > 0 ? memcpy(malloc(one->kept), bytes + at, one->kept) : NULL;
}

/* A hundred bytes of payload. */
static void publish(void) {
  char text[160], filler[64];
  memset(filler, 'x', sizeof filler);
  long key = (long)++published;
  broadcast(0, text, snprintf(text, sizeof text, "{\"type\":\"message\",\"room\":\"lobby\",\"key\":\"m%08ld\",\"text\":\"%.34s\"}", key, filler));
  broadcast(1, text, snprintf(text, sizeof text, "42[\"message\",{\"room\":\"lobby\",\"key\":\"m%08ld\",\"text\":\"%.43s\"}]", key, filler));
}

static void tick(int ticker, int limit) {
  static int ticks;
  uint64_t expirations;
  if (read(ticker, &expirations, sizeof expirations) < 0) return;
  printf("tick %ld %ld %ld %ld %d\n", (long)now_ns(), (long)frames, (long)connected, (long)cpu_us(), member_count);
  fflush(stdout);
  /* A share of the connections each time, so that pings are spread. */
  for (int fd = ++ticks % (PING_SECONDS * 10); fd < limit; fd += PING_SECONDS * 10)
    if (connections[fd].open && connections[fd].io) say(fd, "2", 1);
}

int main(int argc, char **argv) {
  int wanted = argc > 1 ? atoi(argv[1]) : 0, rate = argc > 2 ? atoi(argv[2]) : 0, port = argc > 3 ? atoi(argv[3]) : 0, limit = raise_file_limit();
  connections = calloc(limit, sizeof *connections);
  members = calloc(limit, sizeof *members);
  int listener = listen_on(port, 1), ticker = timer_fd();
  struct itimerspec every = {{0, NS / 10}, {0, NS / 10}};
  timerfd_settime(ticker, 0, &every, NULL);
  poller = epoll_create1(0);
  watch(poller, listener);
  watch(poller, ticker);
  watch(poller, STDIN_FILENO);
  struct epoll_event events[512];
  int64_t due = 0;
  for (;;) {
    int publishing = wanted > 0 && member_count >= wanted;
    int count = epoll_wait(poller, events, 512, !publishing ? -1 : rate > 0 && now_ns() < due ? 1 : 0);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      char ignored[64];
      if (fd == STDIN_FILENO) {
        if (read(fd, ignored, sizeof ignored) <= 0) return 0;
      } else if (fd == listener) {
        for (int one; (one = accept_one(listener)) >= 0; connected++) {
          connections[one] = (struct connection){.open = 1, .member = -1};
          watch(poller, one);
        }
      } else if (fd == ticker) {
        tick(ticker, limit);
      } else {
        hear(fd);
      }
    }
    flush();
    if (!publishing) continue;
    if (rate == 0) publish();
    for (int64_t now = now_ns(); rate > 0 && due <= now; due = (due == 0 ? now : due) + NS / rate) publish();
  }
}
