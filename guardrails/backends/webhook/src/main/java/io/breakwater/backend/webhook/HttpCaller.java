package io.breakwater.backend.webhook;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.ResponseTimeoutException;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.util.EventLoopGroups;
import io.breakwater.backend.webhook.AddressGuard.ForbiddenAddressException;
import io.breakwater.engine.backend.AddressRule;
import io.breakwater.engine.backend.BackendException;
import io.netty.channel.EventLoopGroup;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 requests whose whole exchange, the body included, ends by a deadline. Redirects are not
 * followed: traffic is not moved by whoever a target points to. Addresses that must not be asked
 * are not connected to.
 */
final class HttpCaller implements AutoCloseable {
  private static final int MAX_ANSWER_BYTES = 64 * 1024;
  private static final int SHOWN_CHARACTERS = 200;
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** One thread for all targets: it only ever moves bytes. */
  private static final EventLoopGroup THREAD =
      EventLoopGroups.newEventLoopGroup(1, "breakwater-webhook", true);

  private final ClientFactory factory;
  private final WebClient client;

  HttpCaller(AddressRule addresses) {
    ClientFactoryBuilder builder =
        ClientFactory.builder()
            .workerGroup(THREAD, false)
            .preferHttp1(true)
            .connectTimeout(CONNECT);
    AddressGuard.addTo(builder, () -> addresses);
    factory = builder.build();
    client =
        WebClient.builder()
            .factory(factory)
            .responseTimeoutMillis(0) // the deadline is kept below
            .maxResponseLength(MAX_ANSWER_BYTES)
            .build();
  }

  /**
   * Sends a request and returns the body of a 200 or 202.
   *
   * @throws BackendException when there is no answer in time or another status
   */
  byte[] call(HttpRequest request, URI uri, Deadline deadline) throws BackendException {
    String call = request.method() + " " + uri;
    HttpResponse exchange = client.execute(request);
    CompletableFuture<AggregatedHttpResponse> answer = exchange.aggregate();
    try {
      AggregatedHttpResponse response = answer.get(deadline.leftNanos(), TimeUnit.NANOSECONDS);
      int status = response.status().code();
      if (status != 200 && status != 202) {
        throw new BackendException(call + ": " + refusal(status, response.contentUtf8()));
      }
      return response.content().array();
    } catch (TimeoutException e) {
      exchange.abort();
      throw late(call, deadline, e);
    } catch (ExecutionException e) {
      if (root(e) instanceof ResponseTimeoutException) {
        throw late(call, deadline, e);
      }
      throw new BackendException(call + ": " + reason(root(e)), e);
    } catch (InterruptedException e) {
      exchange.abort();
      Thread.currentThread().interrupt();
      throw new BackendException(call + ": interrupted", e);
    }
  }

  private static BackendException late(String call, Deadline deadline, Exception e) {
    return new BackendException(
        call + ": no answer within " + deadline.allowed().toMillis() + " ms", e);
  }

  private static String refusal(int status, String body) {
    String redirect = status / 100 == 3 ? ", and redirects are not followed" : "";
    String text = body.strip();
    String shown = text.substring(0, Math.min(text.length(), SHOWN_CHARACTERS));
    return "status " + status + " (expected: 200 or 202" + redirect + "): " + shown;
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  private static String reason(Throwable cause) {
    if (cause instanceof ForbiddenAddressException) {
      return String.valueOf(cause.getMessage());
    }
    if (cause instanceof ContentTooLargeException) {
      return "answer above " + MAX_ANSWER_BYTES + " bytes";
    }
    if (cause instanceof ConnectException) {
      return "cannot connect (is the target running?)";
    }
    @Nullable String message = cause.getMessage();
    return message != null ? message : String.valueOf(cause);
  }

  @Override
  public void close() {
    CompletableFuture<?> unused = factory.closeAsync();
  }
}
