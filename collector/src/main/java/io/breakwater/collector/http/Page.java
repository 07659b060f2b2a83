package io.breakwater.collector.http;

import static com.linecorp.armeria.common.HttpMethod.GET;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.breakwater.collector.access.Need;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The web page: three files, nothing from elsewhere. They show nothing by themselves, so they need
 * no token; what they fetch does.
 */
final class Page {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
          + " data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Page() {}

  static List<Route> routes() {
    return List.of(
        file("/", "index.html", MediaType.HTML_UTF_8),
        file("/page.css", "page.css", MediaType.CSS_UTF_8),
        file("/page.js", "page.js", MediaType.JAVASCRIPT_UTF_8));
  }

  private static Route file(String path, String name, MediaType type) {
    byte[] content = read(name);
    ResponseHeaders headers =
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(type)
            .set("cache-control", "no-cache")
            .set("content-security-policy", POLICY)
            .set("x-content-type-options", "nosniff")
            .set("referrer-policy", "no-referrer")
            .build();
    return Route.of(
        GET, path, Need.NOTHING, call -> HttpResponse.of(headers, HttpData.wrap(content)));
  }

  private static byte[] read(String name) {
    try (InputStream in = Page.class.getResourceAsStream("/io/breakwater/collector/page/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read from the jar", e);
    }
  }
}
