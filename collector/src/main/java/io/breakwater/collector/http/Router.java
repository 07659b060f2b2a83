package io.breakwater.collector.http;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.breakwater.collector.access.AccessException;
import io.breakwater.collector.access.Gate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the route of a request, checks that it is allowed, and turns failures into answers.
 * Handlers run on the server's blocking executor.
 */
final class Router implements HttpService {
  private static final Logger log = LoggerFactory.getLogger(Router.class);

  private final List<Route> routes;
  private final Gate gate;

  Router(List<Route> routes, Gate gate) {
    this.routes = List.copyOf(routes);
    this.gate = gate;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    Way way = way(context, request.headers());
    context.setMaxRequestLength(way.maxBodyBytes());
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(body -> answer(context, way, body), context.blockingTaskExecutor())
            .exceptionally(thrown -> failed(way, thrown)));
  }

  /** What the head of a request leads to; a large body is only read where it is allowed. */
  private Way way(ServiceRequestContext context, RequestHeaders headers) {
    try {
      HttpMethod method = headers.method() == HttpMethod.HEAD ? HttpMethod.GET : headers.method();
      for (Route route : routes) {
        Map<String, String> parts = route.method() == method ? route.match(context.path()) : null;
        if (parts != null) {
          String caller =
              gate.admit(
                  route.need(),
                  headers,
                  context.sslSession(),
                  context.remoteAddress().getAddress());
          return new Way(route, parts, caller, null);
        }
      }
      return new Way(null, Map.of(), null, noRoute(context, headers.method()));
    } catch (AccessException e) {
      return new Way(null, Map.of(), null, refusal(e));
    }
  }

  private static ApiException refusal(AccessException e) {
    HttpStatus status =
        switch (e.kind()) {
          case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
          case FORBIDDEN -> HttpStatus.FORBIDDEN;
          case TOO_MANY -> HttpStatus.TOO_MANY_REQUESTS;
        };
    return new ApiException(status, e.error(), e.expected(), e, e.retrySeconds());
  }

  private static HttpResponse answer(
      ServiceRequestContext context, Way way, AggregatedHttpRequest request) {
    try {
      if (way.route == null) {
        throw requireNonNull(way.refusal, "refusal");
      }
      return way.route.handler().answer(new Call(context, request, way.parts, way.caller));
    } catch (ApiException e) {
      return Answers.error(e);
    } catch (RuntimeException e) {
      return failed(way, e);
    }
  }

  /** A route with the path's parts, or why there is none. */
  private record Way(
      @Nullable Route route,
      Map<String, String> parts,
      @Nullable String caller,
      @Nullable ApiException refusal) {
    int maxBodyBytes() {
      return route == null ? Route.MAX_BODY_BYTES : route.maxBodyBytes();
    }
  }

  private ApiException noRoute(ServiceRequestContext context, HttpMethod method) {
    String allowed =
        routes.stream()
            .filter(route -> route.match(context.path()) != null)
            .map(route -> route.method().name())
            .distinct()
            .collect(Collectors.joining(", "));
    return allowed.isEmpty()
        ? new ApiException(
            HttpStatus.NOT_FOUND, "no such path: " + context.path(), "a path of docs/api.md")
        : new ApiException(
            HttpStatus.METHOD_NOT_ALLOWED, method + " is not possible here", allowed);
  }

  private static HttpResponse failed(Way way, @Nullable Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof ContentTooLargeException) {
      return Answers.error(
          way.refusal != null
              ? way.refusal
              : new ApiException(
                  HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                  "the body is too large",
                  "at most " + way.maxBodyBytes() + " bytes"));
    }
    log.error("A request could not be answered", cause);
    return Answers.error(
        new ApiException(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "the collector failed to answer",
            "see its log for the reason"));
  }
}
