package io.breakwater.collector.intake;

import io.breakwater.benchmarks.OtlpLoad;
import java.io.IOException;

/** Decodes requests as the collector does, repeats and series included; for one thread. */
public final class DecodingProbe {
  private final StreamHash hash = new StreamHash(1, 2);
  private final SeriesTable series = new SeriesTable(1 << 20, 1L << 30);
  private final BatchRooms rooms = new BatchRooms();
  private final RepeatFilter repeats = new RepeatFilter();
  private final CumulativeStreams cumulatives =
      new CumulativeStreams(1_000, 1 << 20, System::nanoTime);

  /** What a request holds, less what came before. */
  public Batch decode(byte[] request) throws IOException {
    Batch batch =
        new OtlpDecoder(request, IntakeLimits.DEFAULTS, hash, series, cumulatives, rooms).decode();
    batch.dropRepeats(repeats);
    if (!batch.refused().isEmpty()) {
      throw new IllegalStateException("refused: " + batch.refused());
    }
    return batch;
  }

  /** What a gzip body unpacks to. */
  public static byte[] gunzip(byte[] request) throws IOException {
    return BodyReader.gunzip(request, OtlpLoad.MAX_REQUEST);
  }

  /** A request in JSON as one in protobuf. */
  public static byte[] toProtobuf(byte[] json) throws IOException {
    return OtlpJson.toProtobuf(json, OtlpLoad.MAX_REQUEST);
  }
}
