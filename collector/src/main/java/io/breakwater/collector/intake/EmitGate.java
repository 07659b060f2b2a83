package io.breakwater.collector.intake;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.breakwater.collector.access.AccessException;
import io.breakwater.collector.access.Gate;
import io.breakwater.collector.access.Need;

/**
 * In front of every service that takes metrics, over HTTP and gRPC: only those that may emit pass.
 * Refusals are counted, and answered in the form the sender speaks. Safe for use by many threads.
 */
public final class EmitGate implements DecoratingHttpServiceFunction {
  private final Gate gate;
  private final Intake intake;

  /** A gate before services of {@code intake}. */
  public EmitGate(Gate gate, Intake intake) {
    this.gate = requireNonNull(gate, "gate");
    this.intake = requireNonNull(intake, "intake");
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    try {
      String unused =
          gate.admit(
              Need.EMIT, request.headers(), ctx.sslSession(), ctx.remoteAddress().getAddress());
    } catch (AccessException e) {
      return refusal(e, request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""));
    }
    return delegate.serve(ctx, request);
  }

  private HttpResponse refusal(AccessException e, String contentType) {
    Reply.Status status =
        switch (e.kind()) {
          case UNAUTHENTICATED -> Reply.Status.UNAUTHENTICATED;
          case FORBIDDEN -> Reply.Status.FORBIDDEN;
          case TOO_MANY -> Reply.Status.WRONG_TOKENS;
        };
    String message = e.error() + " (expected: " + e.expected() + ")";
    Reply reply = intake.unauthorized(new Reply(status, 0, message, e.retrySeconds()));
    return contentType.startsWith("application/grpc")
        ? GrpcAnswers.of(reply)
        : HttpAnswers.of(reply, contentType.startsWith("application/json"));
  }
}
