package io.breakwater.backend.haproxy;

import org.jspecify.annotations.Nullable;

/**
 * Tells one HAProxy process from the next by its pid and its start. A reload starts a new process,
 * which has the weights of the configuration file.
 *
 * <p>Pids alone repeat in containers. Where HAProxy does not print its start, the uptime gives it,
 * to a second; a start within {@value #TOLERANCE_SECONDS} s of the last one seen is the same.
 */
final class Incarnation {
  private static final long TOLERANCE_SECONDS = 2;

  private String pid = "";
  private long startSeconds;

  /** The process that gave an answer to {@code show info}; null when it is not one. */
  @Nullable String of(String info) {
    String nowPid = Answers.info(info, "Pid");
    if (nowPid == null) {
      return null;
    }
    long start = startSeconds(info);
    if (!nowPid.equals(pid) || Math.abs(start - startSeconds) > TOLERANCE_SECONDS) {
      pid = nowPid;
      startSeconds = start;
    }
    return "pid " + pid + " started " + startSeconds;
  }

  private static long startSeconds(String info) {
    String start = Answers.info(info, "Start_time_sec");
    if (start != null && start.matches("[0-9]{1,18}")) {
      return Long.parseLong(start);
    }
    String uptime = Answers.info(info, "Uptime_sec");
    long seconds = uptime != null && uptime.matches("[0-9]{1,12}") ? Long.parseLong(uptime) : 0;
    return System.currentTimeMillis() / 1_000 - seconds;
  }
}
