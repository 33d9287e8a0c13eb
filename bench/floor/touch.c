// SPDX-License-Identifier: GPL-2.0-or-later
//
// The least that can be done to each file of a list:
//
//     touch stat|rewrite|unlink LIST
//
// LIST holds absolute paths, one a line. "rewrite" writes 16 bytes over the first ones of each
// file, always the same: what stands in a header is no matter to the time. Ends with status 1 and
// a message where one file cannot be served.

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int stat_one(const char* path) {
  struct stat found;
  return stat(path, &found);
}

static int rewrite_one(const char* path) {
  static const char header[16] = "sixteen bytes...";
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    return -1;
  }
  const ssize_t written = pwrite(file, header, sizeof header, 0);
  return close(file) == 0 && written == sizeof header ? 0 : -1;
}

typedef int Action(const char* path);

static Action* action_named(const char* name) {
  if (strcmp(name, "stat") == 0) {
    return stat_one;
  }
  if (strcmp(name, "rewrite") == 0) {
    return rewrite_one;
  }
  return strcmp(name, "unlink") == 0 ? unlink : NULL;
}

int main(int count, char** arguments) {
  Action* const action = count == 3 ? action_named(arguments[1]) : NULL;
  FILE* const list = action ? fopen(arguments[2], "re") : NULL;
  if (!list) {
    fputs("usage: touch stat|rewrite|unlink LIST\n", stderr);
    return 2;
  }
  char* line = NULL;
  size_t room = 0;
  ssize_t length = 0;
  while ((length = getline(&line, &room, list)) > 0) {
    line[length - 1] = '\0';
    if (action(line) != 0) {
      perror(line);
      return 1;
    }
  }
  free(line);
  fclose(list);
  return 0;
}
