package io.breakwater.collector.intake;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes the few protobuf messages that answers are made of. */
final class ProtoWriter {
  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

  private ProtoWriter() {}

  /** An {@code ExportMetricsServiceResponse}; empty when everything was taken. */
  static byte[] response(Reply reply) {
    if (!reply.isPartial()) {
      return new byte[0];
    }
    byte[] partial =
        message(
            out -> {
              out.writeInt64(1, reply.rejected());
              out.writeString(2, reply.message());
            });
    return message(out -> out.writeByteArray(1, partial));
  }

  /** A {@code google.rpc.Status}, with the time to wait where trying again makes sense. */
  static byte[] status(Reply reply) {
    return message(
        out -> {
          out.writeInt32(1, reply.status().rpc);
          out.writeString(2, reply.message());
          if (reply.status().retryable) {
            byte[] delay = message(duration -> duration.writeInt64(1, reply.retrySeconds()));
            byte[] info = message(retry -> retry.writeByteArray(1, delay));
            byte[] any =
                message(
                    detail -> {
                      detail.writeString(1, RETRY_INFO);
                      detail.writeByteArray(2, info);
                    });
            out.writeByteArray(3, any);
          }
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
