package io.breakwater.backend.webhook;

import io.breakwater.engine.backend.BackendException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 requests whose whole exchange, the body included, ends by a deadline. Redirects are not
 * followed: traffic is not moved by whoever a target points to.
 */
final class HttpCaller implements AutoCloseable {
  private static final int MAX_ANSWER_BYTES = 64 * 1024;
  private static final int SHOWN_CHARACTERS = 200;

  private final ExecutorService executor = Executors.newCachedThreadPool(HttpCaller::daemon);
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(executor)
          .build();

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "breakwater-webhook");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Sends a request and returns the body of a 200 or 202.
   *
   * @throws BackendException when there is no answer in time or another status
   */
  byte[] call(HttpRequest request, Deadline deadline) throws BackendException {
    String call = request.method() + " " + request.uri();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, info -> new LimitedBody(MAX_ANSWER_BYTES));
    try {
      HttpResponse<byte[]> response = answer.get(deadline.leftNanos(), TimeUnit.NANOSECONDS);
      if (response.statusCode() != 200 && response.statusCode() != 202) {
        throw new BackendException(call + ": " + refusal(response));
      }
      return response.body();
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new BackendException(
          call + ": no answer within " + deadline.allowed().toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new BackendException(call + ": " + reason(e.getCause()), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new BackendException(call + ": interrupted", e);
    }
  }

  private static String refusal(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    String redirect = status / 100 == 3 ? ", and redirects are not followed" : "";
    String text = new String(response.body(), StandardCharsets.UTF_8).strip();
    String shown = text.substring(0, Math.min(text.length(), SHOWN_CHARACTERS));
    return "status " + status + " (expected: 200 or 202" + redirect + "): " + shown;
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause instanceof ConnectException) {
      return "cannot connect (is the target running?)";
    }
    String message = cause == null ? null : cause.getMessage();
    return message != null ? message : String.valueOf(cause);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
