package io.breakwater.collector.intake;

import com.google.protobuf.InvalidProtocolBufferException;
import io.breakwater.signals.BucketCounts;
import java.io.IOException;
import java.util.Arrays;

/** The buckets of one sign of an exponential histogram point, while it is read. */
final class BucketSide {
  static final BucketSide EMPTY = new BucketSide();

  /** Most buckets taken on one side; senders keep to 160. */
  private static final int MAX_BUCKETS = 512;

  private int offset;
  private int size;
  private long[] counts = new long[0];

  static BucketSide read(byte[] data, int from, int to) throws IOException {
    BucketSide side = new BucketSide();
    Fields fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isVarint(1)) {
        side.offset = fields.zigzag();
      } else if (fields.isBytes(2)) {
        side.packed(data, fields.from(), fields.to());
      } else if (fields.isVarint(2)) {
        side.add(fields.varint());
      }
    }
    return side;
  }

  private void packed(byte[] data, int from, int to) throws IOException {
    long value = 0;
    int shift = 0;
    for (int i = from; i < to; i++) {
      value |= (long) (data[i] & 0x7f) << shift;
      shift += 7;
      if (data[i] >= 0) {
        add(value);
        value = 0;
        shift = 0;
      } else if (shift > 63) {
        throw new InvalidProtocolBufferException("a bucket count is too long");
      }
    }
    if (shift != 0) {
      throw new InvalidProtocolBufferException("a bucket count is cut off");
    }
  }

  private void add(long count) throws IOException {
    if (size == MAX_BUCKETS) {
      throw new InvalidProtocolBufferException(
          "a histogram has more than " + MAX_BUCKETS + " buckets on one side");
    }
    if (size == counts.length) {
      counts = Arrays.copyOf(counts, Math.max(16, size * 2));
    }
    counts[size++] = count;
  }

  /** The counts; fails with {@link IllegalArgumentException} when they cannot be. */
  BucketCounts counts() {
    return BucketCounts.of(offset, Arrays.copyOf(counts, size));
  }
}
