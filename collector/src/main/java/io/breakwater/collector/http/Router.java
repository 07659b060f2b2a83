package io.breakwater.collector.http;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.breakwater.collector.config.CollectorConfig.Token;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the route of a request, checks that it is allowed, and turns failures into answers.
 * Handlers run on the server's blocking executor.
 */
final class Router implements HttpService {
  /** More than any order needs. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private static final Logger log = LoggerFactory.getLogger(Router.class);

  private final List<Route> routes;
  private final Supplier<List<Token>> tokens;

  Router(List<Route> routes, Supplier<List<Token>> tokens) {
    this.routes = List.copyOf(routes);
    this.tokens = tokens;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    context.setMaxRequestLength(MAX_BODY_BYTES);
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(body -> answer(context, body), context.blockingTaskExecutor())
            .exceptionally(Router::failed));
  }

  private HttpResponse answer(ServiceRequestContext context, AggregatedHttpRequest request) {
    try {
      HttpMethod method = request.method() == HttpMethod.HEAD ? HttpMethod.GET : request.method();
      for (Route route : routes) {
        Map<String, String> parts = route.method() == method ? route.match(context.path()) : null;
        if (parts != null) {
          String token = Access.check(route.need(), tokens.get(), request.headers());
          return route.handler().answer(new Call(context, request, parts, token));
        }
      }
      throw noRoute(context, request.method());
    } catch (ApiException e) {
      return Answers.error(e);
    } catch (RuntimeException e) {
      return failed(e);
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

  private static HttpResponse failed(@Nullable Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof ContentTooLargeException) {
      return Answers.error(
          new ApiException(
              HttpStatus.REQUEST_ENTITY_TOO_LARGE,
              "the body is too large",
              "at most " + MAX_BODY_BYTES + " bytes"));
    }
    log.error("A request could not be answered", cause);
    return Answers.error(
        new ApiException(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "the collector failed to answer",
            "see its log for the reason"));
  }
}
