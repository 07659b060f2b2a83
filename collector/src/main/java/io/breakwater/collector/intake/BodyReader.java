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
        throw new OversizedException(most);
      }
      return unpacked;
    }
  }

  /** A body is larger than allowed after decompression. */
  static final class OversizedException extends IOException {
    private static final long serialVersionUID = 1L;

    OversizedException(int most) {
      super("the body is larger than " + most + " bytes after decompression");
    }
  }
}
