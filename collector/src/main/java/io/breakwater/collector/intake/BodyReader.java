package io.breakwater.collector.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Unpacks a request's body within a limit. */
final class BodyReader {
  private BodyReader() {}

  /**
   * The bytes a gzip body unpacks to.
   *
   * @throws OversizedException when there are more than {@code most}
   * @throws IOException when it is no gzip
   */
  static byte[] gunzip(byte[] body, int most) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body), 8192)) {
      byte[] unpacked = in.readNBytes(most);
      if (in.read() >= 0) {
        throw OversizedException.bytes(most);
      }
      return unpacked;
    }
  }
}
