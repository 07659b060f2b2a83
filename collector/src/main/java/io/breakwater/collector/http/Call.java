package io.breakwater.collector.http;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request that found its route.
 *
 * @param path the variable parts of the path, decoded
 * @param caller name of the token or certificate used, or null
 */
record Call(
    ServiceRequestContext context,
    AggregatedHttpRequest request,
    Map<String, String> path,
    @Nullable String caller) {

  String part(String name) {
    String part = path.get(name);
    if (part == null) {
      throw new IllegalArgumentException(name + ": not in the route's path");
    }
    return part;
  }

  @Nullable String query(String name) {
    return QueryParams.fromQueryString(context.query()).get(name);
  }

  String accept() {
    return request.headers().get("accept", "");
  }
}
