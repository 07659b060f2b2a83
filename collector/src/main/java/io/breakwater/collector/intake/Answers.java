package io.breakwater.collector.intake;

import com.google.protobuf.CodedOutputStream;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;

/** The answers of OTLP/HTTP: success, partial success, and a {@code google.rpc.Status}. */
final class Answers {
  private static final MediaType PROTOBUF = MediaType.parse("application/x-protobuf");
  private static final int INVALID_ARGUMENT = 3;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNAVAILABLE = 14;
  private static final int UNAUTHENTICATED = 16;
  private static final int PERMISSION_DENIED = 7;
  private static final int RETRY_SECONDS = 1;

  private Answers() {}

  /** An {@code ExportMetricsServiceResponse} that says which points were refused. */
  static HttpResponse taken(Map<Drop, Long> dropped) {
    Map<Drop, Long> refused = new EnumMap<>(Drop.class);
    refused.putAll(dropped);
    refused.remove(Drop.UNKNOWN_METRIC); // of no use here, but nothing the sender should change
    if (refused.isEmpty()) {
      return HttpResponse.of(HttpStatus.OK, PROTOBUF, HttpData.empty());
    }
    long points = refused.values().stream().mapToLong(Long::longValue).sum();
    StringBuilder message = new StringBuilder();
    refused.forEach(
        (drop, count) ->
            message
                .append(message.length() == 0 ? "" : "; ")
                .append(count)
                .append(" refused: ")
                .append(drop.explanation()));
    byte[] partial =
        message(
            out -> {
              out.writeInt64(1, points);
              out.writeString(2, message.toString());
            });
    return HttpResponse.of(
        HttpStatus.OK, PROTOBUF, HttpData.wrap(message(out -> out.writeByteArray(1, partial))));
  }

  static HttpResponse malformed(String message) {
    return status(HttpStatus.BAD_REQUEST, INVALID_ARGUMENT, message);
  }

  static HttpResponse oversized(String message) {
    return status(HttpStatus.REQUEST_ENTITY_TOO_LARGE, RESOURCE_EXHAUSTED, message);
  }

  static HttpResponse unauthenticated() {
    return status(
        HttpStatus.UNAUTHORIZED,
        UNAUTHENTICATED,
        "no known token (expected: header Authorization: Bearer TOKEN of role emit)");
  }

  static HttpResponse forbidden() {
    return status(
        HttpStatus.FORBIDDEN,
        PERMISSION_DENIED,
        "this token may not send metrics (expected: one of role emit)");
  }

  static HttpResponse unsupported(String message) {
    return HttpResponse.of(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE, MediaType.PLAIN_TEXT_UTF_8, message + "\n");
  }

  static HttpResponse overloaded() {
    byte[] body = rpcStatus(UNAVAILABLE, Drop.OVERLOADED.explanation());
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.SERVICE_UNAVAILABLE)
            .contentType(PROTOBUF)
            .set("retry-after", String.valueOf(RETRY_SECONDS))
            .build(),
        HttpData.wrap(body));
  }

  private static HttpResponse status(HttpStatus status, int code, String message) {
    return HttpResponse.of(status, PROTOBUF, HttpData.wrap(rpcStatus(code, message)));
  }

  private static byte[] rpcStatus(int code, String message) {
    return message(
        out -> {
          out.writeInt32(1, code);
          out.writeString(2, message);
        });
  }

  private static byte[] message(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      writer.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /** Writes a message's fields. */
  private interface Writer {
    void write(CodedOutputStream out) throws IOException;
  }
}
