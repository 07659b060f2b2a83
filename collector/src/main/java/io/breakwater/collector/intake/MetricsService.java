package io.breakwater.collector.intake;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/metrics} of OTLP/HTTP: binary protobuf or JSON, gzip or not. Belongs behind an
 * {@link EmitGate}.
 */
public final class MetricsService implements HttpService {
  /** The path. */
  public static final String PATH = "/v1/metrics";

  private final Intake intake;

  /** A service that hands what it receives to {@code intake}. */
  public MetricsService(Intake intake) {
    this.intake = requireNonNull(intake, "intake");
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    int most = intake.limits().requestBytes();
    ctx.setMaxRequestLength(most);
    RequestHeaders headers = request.headers();
    if (headers.method() != HttpMethod.POST) {
      return HttpResponse.of(HttpStatus.METHOD_NOT_ALLOWED);
    }
    boolean json = is(headers.contentType(), "json");
    Reply refusal = refusal(headers, json);
    if (refusal != null) {
      return HttpAnswers.of(refusal, json);
    }
    boolean gzip = encoding(headers).equals("gzip");
    return HttpResponse.of(
        intake
            .receive(
                request,
                most,
                body -> {
                  byte[] plain = gzip ? BodyReader.gunzip(body, most) : body;
                  return json ? OtlpJson.toProtobuf(plain, most) : plain;
                })
            .thenApply(reply -> HttpAnswers.of(reply, json)));
  }

  /** The reply that the headers alone lead to, or null. */
  private @Nullable Reply refusal(RequestHeaders headers, boolean json) {
    if (!json && !is(headers.contentType(), "x-protobuf")) {
      return intake.unsupported(
          "Content-Type: "
              + headers.contentType()
              + " (expected: application/x-protobuf or application/json)");
    }
    String encoding = encoding(headers);
    if (!encoding.equals("gzip") && !encoding.equals("identity")) {
      return intake.unsupported(
          "Content-Encoding: " + encoding + " (expected: gzip, identity or none)");
    }
    int most = intake.limits().requestBytes();
    return headers.contentLength() > most
        ? intake.oversized("the body is larger than " + most + " bytes")
        : null;
  }

  private static boolean is(@Nullable MediaType type, String subtype) {
    return type != null && type.type().equals("application") && type.subtype().equals(subtype);
  }

  private static String encoding(RequestHeaders headers) {
    String value = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    return value == null ? "identity" : value.trim().toLowerCase(Locale.ROOT);
  }
}
