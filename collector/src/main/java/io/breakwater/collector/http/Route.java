package io.breakwater.collector.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import io.breakwater.collector.access.Need;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A method, a path and what answers them.
 *
 * @param pattern path segments; one in braces stands for any segment
 * @param maxBodyBytes size of a request's body
 */
record Route(
    HttpMethod method, List<String> pattern, Need need, int maxBodyBytes, Handler handler) {
  /** More than any order needs. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  /** Answers a request; may block. */
  interface Handler {
    HttpResponse answer(Call call) throws ApiException;
  }

  static Route of(HttpMethod method, String pattern, Need need, Handler handler) {
    return new Route(method, split(pattern), need, MAX_BODY_BYTES, handler);
  }

  /** The same for larger bodies. */
  Route withBodyOf(int bytes) {
    return new Route(method, pattern, need, bytes, handler);
  }

  /**
   * The variable parts of {@code path}, or null when it does not fit. Segments are split before
   * they are decoded, so that a model's name may contain a slash.
   */
  @Nullable Map<String, String> match(String path) {
    List<String> segments = split(path);
    if (segments.size() != pattern.size()) {
      return null;
    }
    Map<String, String> parts = new HashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String expected = pattern.get(i);
      String segment = decode(segments.get(i));
      if (segment == null) {
        return null;
      }
      if (expected.startsWith("{")) {
        parts.put(expected.substring(1, expected.length() - 1), segment);
      } else if (!expected.equals(segment)) {
        return null;
      }
    }
    return parts;
  }

  private static List<String> split(String path) {
    return List.of(path.split("/", -1));
  }

  /** The segment with {@code %XX} resolved, or null when it is malformed or not UTF-8. */
  private static @Nullable String decode(String segment) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] raw = segment.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        bytes.write(raw[i]);
        continue;
      }
      int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      bytes.write(high * 16 + low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null; // no name looks like that
    }
  }
}
