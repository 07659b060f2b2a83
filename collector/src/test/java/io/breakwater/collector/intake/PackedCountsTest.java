package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.breakwater.signals.BucketIndex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedCountsTest {
  private final Random random = new Random(3);

  @Test
  void countsOfEveryLength_areSummedListedAndAdded() throws Exception {
    for (int round = 0; round < 3_000; round++) {
      long[] counts = new long[random.nextInt(200)];
      int bits = 1 + random.nextInt(24);
      Arrays.setAll(counts, i -> random.nextInt(3) == 0 ? 0 : random.nextInt(1 << bits));
      byte[] data = packed(counts);
      int[] into = new int[counts.length + 2];
      Arrays.fill(into, 5);

      assertThat(PackedCounts.size(data, 1, data.length)).isEqualTo(counts.length);
      long both = PackedCounts.sumAndSize(data, 1, data.length);
      assertThat(both >> PackedCounts.SIZE_BITS).isEqualTo(Arrays.stream(counts).sum());
      assertThat(both & ((1 << PackedCounts.SIZE_BITS) - 1)).isEqualTo(counts.length);
      assertThat(PackedCounts.toArray(data, 1, data.length)).isEqualTo(counts);
      PackedCounts.addTo(into, 1, data, 1, data.length);
      assertThat(into[0]).isEqualTo(5);
      assertThat(into[into.length - 1]).isEqualTo(5);
      for (int i = 0; i < counts.length; i++) {
        assertThat(into[i + 1]).isEqualTo(5 + counts[i]);
      }
    }
  }

  @Test
  void countsBetweenOthers_areSummedAndAddedAlone() throws Exception {
    for (int round = 0; round < 3_000; round++) {
      long[] counts = new long[1 + random.nextInt(40)];
      int bits = 6 + random.nextInt(12);
      Arrays.setAll(counts, i -> random.nextInt(1 << (1 + random.nextInt(bits))));
      byte[] packed = packed(counts);
      byte[] data = new byte[packed.length + 20];
      Arrays.fill(data, (byte) (random.nextBoolean() ? 0xff : 0x7f));
      System.arraycopy(packed, 1, data, 10, packed.length - 1);
      int to = 10 + packed.length - 1;
      int[] into = new int[counts.length];

      long both = PackedCounts.sumAndSize(data, 10, to);
      PackedCounts.addTo(into, 0, data, 10, to);

      assertThat(both >> PackedCounts.SIZE_BITS).isEqualTo(Arrays.stream(counts).sum());
      assertThat(Arrays.stream(into).asLongStream().toArray()).isEqualTo(counts);
    }
  }

  @Test
  void countsInMoreBytesThanNeeded_areTheSame() throws Exception {
    byte[] data = {5, (byte) 0x85, 0, (byte) 0x85, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0, 7, 1};
    int[] into = new int[5];

    long both = PackedCounts.sumAndSize(data, 0, data.length);
    PackedCounts.addTo(into, 0, data, 0, data.length);

    assertThat(both).isEqualTo((23L << PackedCounts.SIZE_BITS) | 5);
    assertThat(into).containsExactly(5, 5, 5, 7, 1);
  }

  @Test
  void lowestAndHighestIndexes_areThoseOfTheSmallestAndGreatestDouble() {
    for (int scale = BucketIndex.MIN_SCALE; scale <= BucketIndex.MAX_SCALE; scale++) {
      BucketIndex index = BucketIndex.ofScale(scale);
      assertThat(ExponentialPoint.lowestIndex(scale)).isEqualTo(index.indexOf(Double.MIN_VALUE));
      assertThat(ExponentialPoint.highestIndex(scale)).isEqualTo(index.indexOf(Double.MAX_VALUE));
    }
  }

  @Test
  void sumsThatCannotBe_areBelowZero() throws Exception {
    byte[] negative = packed(1, -1);
    byte[] tooMuch = packed(Long.MAX_VALUE, 1);

    assertThat(PackedCounts.sumAndSize(negative, 1, negative.length)).isNegative();
    assertThat(PackedCounts.sumAndSize(tooMuch, 1, tooMuch.length)).isNegative();
  }

  @Test
  void countsThatAreCutOffOrTooLong_areMalformed() throws Exception {
    byte[] cut = packed(300);
    byte[] endless = new byte[12];
    Arrays.fill(endless, (byte) 0x80);

    assertThatThrownBy(() -> PackedCounts.sumAndSize(cut, 1, cut.length - 1))
        .isInstanceOf(InvalidProtocolBufferException.class);
    assertThatThrownBy(() -> PackedCounts.sumAndSize(endless, 0, endless.length))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  /** The counts from the second byte on. */
  private static byte[] packed(long... counts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (long count : counts) {
      out.writeUInt64NoTag(count);
    }
    out.flush();
    return bytes.toByteArray();
  }
}
