package io.breakwater.examples.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends predictions at a steady rate and keeps every answer. It does not wait for earlier answers,
 * except for one of the {@value #MAX_UNDER_WAY} requests that may be under way; a request delayed
 * by that still counts from the time it was due. Safe for use by many threads.
 */
final class Client implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_UNDER_WAY = 256;
  private static final double RAMP_START = 0.1;

  private final URI address;
  private final Districts districts;
  private final long intervalNanos;
  private final long rampNanos;
  private final Random random;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          4,
          task -> {
            Thread thread = new Thread(task, "demo-client");
            thread.setDaemon(true);
            return thread;
          });
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TIMEOUT)
          .executor(threads)
          .build();
  private final List<Answer> answers = new ArrayList<>();
  private final Semaphore underWay = new Semaphore(MAX_UNDER_WAY);
  private final Thread sender = new Thread(this::send, "demo-sender");
  private final Instant startedAt = Instant.now();
  private final long startedNanos = System.nanoTime();
  private volatile double incompleteShare;
  private volatile boolean stopping;

  /**
   * Starts to send.
   *
   * @param ramp time over which the rate grows from a tenth to all of it: cold JVMs are slow
   * @param seed decides which requests are incomplete
   */
  Client(URI address, Districts districts, int perSecond, Duration ramp, long seed) {
    this.address = address;
    this.districts = districts;
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.rampNanos = ramp.toNanos();
    this.random = new Random(seed);
    sender.setDaemon(true);
    sender.start();
  }

  /** From now on this share of the requests lacks the optional column. */
  void leaveOutOptionalColumn(double share) {
    incompleteShare = share;
  }

  /** Every answer so far, in the order of arrival. */
  List<Answer> answers() {
    synchronized (answers) {
      return List.copyOf(answers);
    }
  }

  /**
   * The median time to an answer among the last {@code count}, or null before there are so many.
   */
  @Nullable Duration medianLatency(int count) {
    List<Answer> last;
    synchronized (answers) {
      if (answers.size() < count) {
        return null;
      }
      last = List.copyOf(answers.subList(answers.size() - count, answers.size()));
    }
    return last.stream().map(Answer::latency).sorted().toList().get(count / 2);
  }

  /** The clock of {@link Answer#at}: steady, unlike the system's. */
  Instant now() {
    return at(System.nanoTime());
  }

  /** Stops sending and waits for the answers under way. */
  void stop() throws InterruptedException {
    stopping = true;
    sender.join();
    if (underWay.tryAcquire(MAX_UNDER_WAY, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
      underWay.release(MAX_UNDER_WAY);
    }
  }

  @Override
  public void close() {
    stopping = true;
    threads.shutdownNow();
  }

  private void send() {
    long due = startedNanos;
    for (int i = 0; !stopping; i++) {
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      underWay.acquireUninterruptibly();
      send(due, districts.request(i, random.nextDouble() >= incompleteShare));
      double ramp = Math.min(1, RAMP_START + (1 - RAMP_START) * (due - startedNanos) / rampNanos);
      due += (long) (intervalNanos / ramp);
    }
  }

  private void send(long due, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    CompletableFuture<?> unused = // what becomes of it is recorded
        http.sendAsync(request, BodyHandlers.ofString())
            .whenComplete((response, failure) -> record(at(due), response));
  }

  private void record(Instant sentAt, @Nullable HttpResponse<String> response) {
    Answer answer =
        response == null
            ? new Answer(sentAt, now(), 0, "")
            : new Answer(
                sentAt,
                now(),
                response.statusCode(),
                response.headers().firstValue(Stack.VERSION_HEADER).orElse(""),
                Answer.score(response.body()));
    synchronized (answers) {
      answers.add(answer);
    }
    underWay.release();
  }

  private Instant at(long nanos) {
    return startedAt.plusNanos(nanos - startedNanos);
  }
}
