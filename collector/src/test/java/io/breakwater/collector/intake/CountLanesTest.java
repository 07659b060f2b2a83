package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import io.breakwater.signals.BucketIndex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CountLanesTest {
  private static final int MAX = (1 << 14) - 1;

  private final Random random = new Random(3);
  private final CountLanes lanes = new CountLanes();

  @Test
  void countsBetweenOtherBytes_areUnpackedAndAddedAlone() throws Exception {
    for (int round = 0; round < 20_000; round++) {
      long[] counts = counts();
      byte[] packed = packed(counts);
      byte[] data = new byte[packed.length + 20];
      Arrays.fill(data, (byte) (random.nextBoolean() ? 0xff : 0x7f));
      int from = random.nextInt(20);
      System.arraycopy(packed, 0, data, from, packed.length);
      byte[] into = new byte[CountLanes.room(packed.length) + 6];
      Arrays.fill(into, (byte) 0xaa);

      assertThat(lanes.unpack(data, from, from + packed.length, into, 6)).isTrue();

      assertThat(lanes.size).isEqualTo(counts.length);
      assertThat(lanes.sum).isEqualTo(Arrays.stream(counts).sum());
      long highest = Arrays.stream(counts).max().orElse(0);
      assertThat((long) lanes.most)
          .isGreaterThanOrEqualTo(highest)
          .isLessThan(Math.max(128, 2 * highest));
      assertThat(CountLanes.toArray(into, 6, counts.length)).isEqualTo(counts);
      assertThat(into[5]).isEqualTo((byte) 0xaa);
      byte[] sums = new byte[(counts.length + 2) * CountLanes.BYTES + CountLanes.SLACK];
      Arrays.fill(sums, (byte) 1);
      CountLanes.add(sums, 2, into, 6, counts.length);
      CountLanes.add(sums, 2, into, 6, counts.length);
      assertThat(CountLanes.get(sums, 0)).isEqualTo(0x101);
      assertThat(CountLanes.get(sums, 2 + 2 * counts.length)).isEqualTo(0x101);
      for (int i = 0; i < counts.length; i++) {
        assertThat(CountLanes.get(sums, 2 + 2 * i)).isEqualTo(0x101 + 2 * (int) counts[i]);
      }
    }
  }

  @Test
  void countsInMoreBytesThanNeeded_areTheSame() {
    byte[] data = {5, (byte) 0x85, 0, 7, (byte) 0x81, 1};
    byte[] into = new byte[CountLanes.room(data.length)];

    assertThat(lanes.unpack(data, 0, data.length, into, 0)).isTrue();

    assertThat(CountLanes.toArray(into, 0, lanes.size)).containsExactly(5, 5, 7, 129);
  }

  @Test
  void countsOfThreeBytesAndMore_areLeftToOthers() throws Exception {
    for (int at = 0; at < 30; at++) {
      for (long count : new long[] {MAX + 1, 1L << 21, Long.MAX_VALUE, -1}) {
        long[] counts = new long[30];
        Arrays.setAll(counts, i -> random.nextInt(400));
        counts[at] = count;
        byte[] data = packed(counts);

        assertThat(lanes.unpack(data, 0, data.length, new byte[CountLanes.room(data.length)], 0))
            .isFalse();
      }
    }
  }

  @Test
  void countsThatAreCutOff_areLeftToOthers() throws Exception {
    for (int size = 1; size < 30; size++) {
      long[] counts = new long[size];
      Arrays.setAll(counts, i -> random.nextInt(300));
      counts[size - 1] = 300;
      byte[] data = packed(counts);

      assertThat(lanes.unpack(data, 0, data.length - 1, new byte[CountLanes.room(data.length)], 0))
          .isFalse();
    }
  }

  @Test
  void lowestAndHighestIndexes_areThoseOfTheSmallestAndGreatestDouble() {
    for (int scale = BucketIndex.MIN_SCALE; scale <= BucketIndex.MAX_SCALE; scale++) {
      BucketIndex index = BucketIndex.ofScale(scale);
      assertThat(ExponentialPoint.lowestIndex(scale)).isEqualTo(index.indexOf(Double.MIN_VALUE));
      assertThat(ExponentialPoint.highestIndex(scale)).isEqualTo(index.indexOf(Double.MAX_VALUE));
    }
  }

  /** Of one byte, of two, of both in any order, and in a hump like those of a distribution. */
  private long[] counts() {
    int size = random.nextInt(200);
    long[] counts = new long[size];
    int kind = random.nextInt(4);
    int height = 1 + random.nextInt(MAX);
    for (int i = 0; i < size; i++) {
      double z = 6.0 * i / size - 3;
      counts[i] =
          switch (kind) {
            case 0 -> random.nextInt(128);
            case 1 -> 128 + random.nextInt(MAX - 127);
            case 2 -> random.nextInt(1 << (1 + random.nextInt(14)));
            default -> Math.round(height * Math.exp(-z * z / 2));
          };
    }
    return counts;
  }

  private static byte[] packed(long... counts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (long count : counts) {
      out.writeUInt64NoTag(count);
    }
    out.flush();
    return bytes.toByteArray();
  }
}
