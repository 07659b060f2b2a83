package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OTLP/gRPC as the gRPC client of other people's exporters speaks it. */
class GrpcIntakeTest {
  private static final String EXPORT =
      "opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  @TempDir Path folder;
  private CollectorFixture world;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws IOException {
    world = new CollectorFixture(folder);
  }

  @AfterEach
  void close() throws InterruptedException {
    if (channel != null) {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
    world.close();
  }

  @Test
  void calls_areCounted() throws Exception {
    start();

    assertThat(export(world.interval(List.of())).hasPartialSuccess()).isFalse();

    Await.until("calls", () -> world.calls("1") == 20 && world.calls("2") == 5);
  }

  @Test
  void gzip_isTaken() throws Exception {
    start();

    call(EXPORT, world.interval(List.of()), CallOptions.DEFAULT.withCompression("gzip"), null);

    Await.until("calls", () -> world.calls("1") == 20);
  }

  @Test
  void pointsThatAreRefused_areSaid() throws Exception {
    start();

    ExportMetricsServiceResponse answer =
        export(OtlpRequests.from("i").calls("", "1", null, 3, 1, 2).beat(3).bytes());

    assertThat(answer.getPartialSuccess().getRejectedDataPoints()).isEqualTo(1);
    assertThat(answer.getPartialSuccess().getErrorMessage())
        .isEqualTo("1 refused: ml.model.name and ml.model.version are required");
  }

  @Test
  void refusals_haveTheirStatus() throws Exception {
    world.tokens(new Token("agents", Role.EMIT, "e"), new Token("people", Role.READ, "r"));
    start();
    byte[] good = world.interval(List.of());

    Status unknown = failure(EXPORT, good, null);
    assertThat(unknown.getCode()).as("%s", unknown).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(failure(EXPORT, good, "Bearer r").getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    Status malformed = failure(EXPORT, new byte[] {10, 100, 1}, "Bearer e");
    assertThat(malformed.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(malformed.getDescription()).startsWith("the request is not a valid OTLP");
    assertThat(failure(EXPORT, new byte[21 << 20], "Bearer e").getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(failure("some.Other/Method", good, "Bearer e").getCode())
        .isEqualTo(Status.Code.UNIMPLEMENTED);
    call(EXPORT, good, CallOptions.DEFAULT, "Bearer e");
  }

  @Test
  void tooLarge_isNothingToTryAgain() throws Exception {
    start();

    StatusRuntimeException thrown = thrown(EXPORT, new byte[21 << 20], null);

    assertThat(RpcStatus.parse(thrown.getTrailers().get(DETAILS)).hasRetryInfo()).isFalse();
  }

  private void start() {
    world.start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", world.collector().otlpGrpcPort())
            .usePlaintext()
            .build();
  }

  private ExportMetricsServiceResponse export(byte[] request) throws IOException {
    return ExportMetricsServiceResponse.parseFrom(call(EXPORT, request, CallOptions.DEFAULT, null));
  }

  private Status failure(String method, byte[] request, String token) {
    return thrown(method, request, token).getStatus();
  }

  private StatusRuntimeException thrown(String method, byte[] request, String token) {
    try {
      call(method, request, CallOptions.DEFAULT, token);
      throw new AssertionError("no failure");
    } catch (StatusRuntimeException e) {
      return e;
    }
  }

  private byte[] call(String method, byte[] request, CallOptions options, String token) {
    Metadata headers = new Metadata();
    if (token != null) {
      headers.put(AUTHORIZATION, token);
    }
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setFullMethodName(method)
            .setType(MethodType.UNARY)
            .build();
    return ClientCalls.blockingUnaryCall(
        io.grpc.ClientInterceptors.intercept(
            channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
        descriptor,
        options.withDeadlineAfter(30, TimeUnit.SECONDS),
        request);
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return ByteString.readFrom(stream).toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
