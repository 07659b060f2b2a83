package io.breakwater.collector.intake;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** Replies as gRPC has them: a message and trailers, or only trailers. */
final class GrpcAnswers {
  /** Bytes before a message: whether it is compressed, and its length. */
  static final int PREFIX = 5;

  private static final String STATUS = "grpc-status";
  private static final ResponseHeaders HEADERS =
      ResponseHeaders.builder(HttpStatus.OK)
          .set("content-type", "application/grpc")
          .set("grpc-accept-encoding", "identity,gzip")
          .build();

  private GrpcAnswers() {}

  static HttpResponse of(Reply reply) {
    if (reply.status() == Reply.Status.TAKEN) {
      byte[] message = ProtoWriter.response(reply);
      ByteBuffer frame = ByteBuffer.allocate(PREFIX + message.length);
      frame.put((byte) 0).putInt(message.length).put(message);
      return HttpResponse.of(HEADERS, HttpData.wrap(frame.array()), HttpHeaders.of(STATUS, "0"));
    }
    byte[] details = ProtoWriter.status(reply);
    HttpHeaders trailers =
        HttpHeaders.builder()
            .set(STATUS, String.valueOf(reply.status().rpc))
            .set("grpc-message", percentEncoded(reply.message()))
            .set(
                "grpc-status-details-bin",
                Base64.getEncoder().withoutPadding().encodeToString(details))
            .build();
    return HttpResponse.of(HEADERS, HttpData.empty(), trailers);
  }

  static String percentEncoded(String message) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0x20 && b <= 0x7e && b != '%') {
        encoded.append((char) b);
      } else {
        encoded.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
      }
    }
    return encoded.toString();
  }
}
