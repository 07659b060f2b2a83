package io.breakwater.collector.intake;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Walks the fields of one protobuf message within a byte array. What has a length is passed by it,
 * so that nesting costs nothing; groups, which nobody sends, are passed field by field. To be used
 * again and again by one thread.
 */
final class Fields {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int TAG_BITS = 3;
  private static final int WIRE_MASK = 7;

  private byte[] data;
  private int at;
  private int end;
  private int tag;
  private int from;
  private int to;
  private long value;

  Fields(byte[] data) {
    this.data = data;
  }

  static Fields of(byte[] data, int from, int to) {
    return new Fields(data).over(from, to);
  }

  /** Begins with another message of the same array. */
  Fields over(int first, int last) {
    at = first;
    end = last;
    return this;
  }

  /** Begins with another array. */
  Fields over(byte[] other, int first, int last) {
    data = other;
    return over(first, last);
  }

  /** Moves to the next field and reads it; false at the end of the message. */
  boolean next() throws InvalidProtocolBufferException {
    if (at >= end) {
      tag = 0;
      return false;
    }
    tag = readTag();
    switch (tag & WIRE_MASK) {
      case WireFormat.WIRETYPE_VARINT -> value = readVarint();
      case WireFormat.WIRETYPE_FIXED64 -> value = readFixed64();
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> enter();
      case WireFormat.WIRETYPE_FIXED32 -> skip(Integer.BYTES);
      case WireFormat.WIRETYPE_START_GROUP -> skipGroup();
      default -> throw new InvalidProtocolBufferException("a group ends that never began");
    }
    return true;
  }

  private int readTag() throws InvalidProtocolBufferException {
    int first = data[at];
    if (first > 0) {
      at++;
      if (first >> TAG_BITS == 0) {
        throw new InvalidProtocolBufferException("a field has the number 0");
      }
      return first;
    }
    long read = readVarint();
    if (read >>> TAG_BITS == 0 || read >>> Integer.SIZE != 0) {
      throw new InvalidProtocolBufferException("a field has no valid number");
    }
    return (int) read;
  }

  private void enter() throws InvalidProtocolBufferException {
    long length = readVarint();
    if (length < 0 || length > end - at) {
      throw new InvalidProtocolBufferException("a length runs past the end of its message");
    }
    from = at;
    to = at + (int) length;
    at = to;
  }

  private long readVarint() throws InvalidProtocolBufferException {
    long read = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at >= end) {
        throw new InvalidProtocolBufferException("a number is cut off");
      }
      byte b = data[at++];
      read |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return read;
      }
    }
    throw new InvalidProtocolBufferException("a number is too long");
  }

  private long readFixed64() throws InvalidProtocolBufferException {
    int number = at;
    skip(Long.BYTES);
    return (long) LONGS.get(data, number);
  }

  private void skip(int bytes) throws InvalidProtocolBufferException {
    if (bytes > end - at) {
      throw new InvalidProtocolBufferException("a number is cut off");
    }
    at += bytes;
  }

  private void skipGroup() throws InvalidProtocolBufferException {
    int depth = 1;
    while (depth > 0) {
      if (at >= end) {
        throw new InvalidProtocolBufferException("a group has no end");
      }
      int inner = readTag();
      switch (inner & WIRE_MASK) {
        case WireFormat.WIRETYPE_VARINT -> readVarint();
        case WireFormat.WIRETYPE_FIXED64 -> skip(Long.BYTES);
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> enter();
        case WireFormat.WIRETYPE_FIXED32 -> skip(Integer.BYTES);
        case WireFormat.WIRETYPE_START_GROUP -> depth++;
        case WireFormat.WIRETYPE_END_GROUP -> depth--;
        default -> throw new InvalidProtocolBufferException("a field has no known type");
      }
    }
  }

  /** Tag of the present field: its number and wire type. */
  int tag() {
    return tag;
  }

  /** Number of the present field. */
  int number() {
    return tag >>> TAG_BITS;
  }

  /** Whether the present field has this number and a length: bytes, text, message or packed. */
  boolean isBytes(int number) {
    return tag == ((number << TAG_BITS) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  /** Whether the present field has this number and is a variable-length integer. */
  boolean isVarint(int number) {
    return tag == ((number << TAG_BITS) | WireFormat.WIRETYPE_VARINT);
  }

  /** Whether the present field has this number and 8 bytes. */
  boolean isFixed64(int number) {
    return tag == ((number << TAG_BITS) | WireFormat.WIRETYPE_FIXED64);
  }

  /** Where the present field's bytes begin in the array. */
  int from() {
    return from;
  }

  /** Where the present field's bytes end in the array, exclusive. */
  int to() {
    return to;
  }

  long fixed64() {
    return value;
  }

  double float64() {
    return Double.longBitsToDouble(value);
  }

  long varint() {
    return value;
  }

  int zigzag() {
    int number = (int) value;
    return (number >>> 1) ^ -(number & 1);
  }
}
