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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends predictions at a steady rate, whatever becomes of earlier ones, and keeps every answer.
 * Safe for use by many threads.
 */
final class Client implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final URI address;
  private final Districts districts;
  private final long intervalNanos;
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
  private final AtomicInteger waiting = new AtomicInteger();
  private final Thread sender = new Thread(this::send, "demo-sender");
  private final Instant startedAt = Instant.now();
  private final long startedNanos = System.nanoTime();
  private volatile double incompleteShare;
  private volatile boolean stopping;

  /**
   * Starts to send.
   *
   * @param seed decides which requests are incomplete
   */
  Client(URI address, Districts districts, int perSecond, long seed) {
    this.address = address;
    this.districts = districts;
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
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

  /** The clock of {@link Answer#at}: steady, unlike the system's. */
  Instant now() {
    return at(System.nanoTime());
  }

  /** Stops sending and waits for the answers under way. */
  void stop() throws InterruptedException {
    stopping = true;
    sender.join();
    Instant deadline = now().plus(TIMEOUT);
    while (waiting.get() > 0 && now().isBefore(deadline)) {
      Thread.sleep(5);
    }
  }

  @Override
  public void close() {
    stopping = true;
    threads.shutdownNow();
  }

  private void send() {
    for (int i = 0; !stopping; i++) {
      long due = startedNanos + i * intervalNanos;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      boolean complete = random.nextDouble() >= incompleteShare;
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(districts.request(i, complete)))
              .build();
      waiting.incrementAndGet();
      CompletableFuture<?> unused = // what becomes of it is recorded
          http.sendAsync(request, BodyHandlers.discarding())
              .whenComplete((response, failure) -> record(at(due), response));
    }
  }

  private void record(Instant sentAt, @Nullable HttpResponse<Void> response) {
    Answer answer =
        response == null
            ? new Answer(sentAt, now(), 0, "")
            : new Answer(
                sentAt,
                now(),
                response.statusCode(),
                response.headers().firstValue(Stack.VERSION_HEADER).orElse(""));
    synchronized (answers) {
      answers.add(answer);
    }
    waiting.decrementAndGet();
  }

  private Instant at(long nanos) {
    return startedAt.plusNanos(nanos - startedNanos);
  }
}
