package io.breakwater.collector.intake;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The unary call {@code MetricsService/Export} of OTLP/gRPC, read as the one framed message it is:
 * no generated classes, no message objects.
 *
 * <p>For every other method the answer is {@code UNIMPLEMENTED}. Belongs behind an {@link
 * EmitGate}.
 */
public final class GrpcMetricsService implements HttpService {
  /** The method's path. */
  public static final String PATH =
      "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

  private static final String CONTENT_TYPE = "application/grpc";

  private final Intake intake;

  /** A service that hands what it receives to {@code intake}. */
  public GrpcMetricsService(Intake intake) {
    this.intake = requireNonNull(intake, "intake");
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    RequestHeaders headers = request.headers();
    String type = headers.get("content-type", "");
    if (headers.method() != HttpMethod.POST || !isGrpc(type)) {
      intake.unsupported("");
      return HttpResponse.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
    }
    Reply refusal = refusal(headers);
    if (refusal != null) {
      return GrpcAnswers.of(refusal);
    }
    boolean gzip = encoding(headers).equals("gzip");
    int most = intake.limits().requestBytes();
    ctx.setMaxRequestLength(0); // counted here, so that the answer is gRPC's
    return HttpResponse.of(
        intake
            .receive(request, most + GrpcAnswers.PREFIX, body -> message(body, gzip, most))
            .thenApply(GrpcAnswers::of));
  }

  private @Nullable Reply refusal(RequestHeaders headers) {
    if (!headers.path().equals(PATH)) {
      return intake.unsupported(headers.path() + " (expected: " + PATH + ")");
    }
    String encoding = encoding(headers);
    return encoding.equals("gzip") || encoding.equals("identity")
        ? null
        : intake.unsupported("grpc-encoding: " + encoding + " (expected: gzip or identity)");
  }

  private static boolean isGrpc(String type) {
    String kind = type.toLowerCase(Locale.ROOT);
    return kind.equals(CONTENT_TYPE)
        || kind.startsWith(CONTENT_TYPE + "+proto")
        || kind.startsWith(CONTENT_TYPE + ";");
  }

  private static String encoding(RequestHeaders headers) {
    return headers.get("grpc-encoding", "identity").trim().toLowerCase(Locale.ROOT);
  }

  /** The one message of a body. */
  static byte[] message(byte[] body, boolean gzip, int most) throws IOException {
    if (body.length < GrpcAnswers.PREFIX) {
      throw new IOException("a gRPC message is cut off");
    }
    boolean compressed = body[0] == 1;
    long length = ByteBuffer.wrap(body).getInt(1) & 0xffff_ffffL;
    if (length != body.length - GrpcAnswers.PREFIX || (!compressed && body[0] != 0)) {
      throw new IOException("the body is not one gRPC message");
    }
    byte[] message = Arrays.copyOfRange(body, GrpcAnswers.PREFIX, body.length);
    if (!compressed) {
      return message;
    }
    if (!gzip) {
      throw new IOException("a compressed gRPC message without grpc-encoding");
    }
    return BodyReader.gunzip(message, most);
  }
}
