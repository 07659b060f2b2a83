package io.breakwater.collector.intake;

import java.io.IOException;

/** Batches for tests of other packages. */
public final class Batches {

  private Batches() {}

  /** What a request holds. */
  public static Batch decode(byte[] request) throws IOException {
    return new OtlpDecoder(
            request,
            IntakeLimits.DEFAULTS,
            new StreamHash(1, 2),
            new SeriesTable(100, 1 << 20),
            new CumulativeStreams(100, 1 << 20, System::nanoTime))
        .decode();
  }
}
