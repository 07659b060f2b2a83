package io.breakwater.collector.intake;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Protobuf being written, at most so many bytes. For use by one thread. */
final class WireBuffer {
  /** Bytes kept for the length of a message that is not complete yet: enough for 256 MiB. */
  private static final int LENGTH_BYTES = 4;

  private static final int LENGTH_DELIMITED = 2;

  private final int most;
  private byte[] data;
  private int size;

  WireBuffer(int expected, int most) {
    this.data = new byte[Math.max(64, Math.min(expected, most))];
    this.most = most;
  }

  void tag(int number, int wireType) throws OversizedException {
    varint((number << 3) | wireType);
  }

  /** Begins a message, or packed numbers; to be closed with what it returns. */
  int open(int number) throws OversizedException {
    tag(number, LENGTH_DELIMITED);
    reserve(LENGTH_BYTES);
    size += LENGTH_BYTES;
    return size;
  }

  void close(int opened) {
    int length = size - opened;
    for (int i = 0; i < LENGTH_BYTES; i++) {
      int more = i == LENGTH_BYTES - 1 ? 0 : 0x80;
      data[opened - LENGTH_BYTES + i] = (byte) (((length >>> (7 * i)) & 0x7f) | more);
    }
  }

  void text(String text) throws OversizedException {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(byte[] bytes) throws OversizedException {
    varint(bytes.length);
    reserve(bytes.length);
    System.arraycopy(bytes, 0, data, size, bytes.length);
    size += bytes.length;
  }

  void fixed64(long value) throws OversizedException {
    reserve(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      data[size++] = (byte) (value >>> (8 * i));
    }
  }

  void varint(long value) throws OversizedException {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      data[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    data[size++] = (byte) rest;
  }

  private void reserve(int more) throws OversizedException {
    long wanted = (long) size + more;
    if (wanted > data.length) {
      if (wanted > most) {
        throw OversizedException.bytes(most);
      }
      data = Arrays.copyOf(data, (int) Math.min(most, 2 * wanted));
    }
  }

  byte[] toByteArray() {
    return Arrays.copyOf(data, size);
  }
}
