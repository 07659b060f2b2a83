package io.breakwater.collector.intake;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Walks the fields of one protobuf message within a byte array. Whatever the caller does not read
 * is skipped: by its length where it has one, so that nesting costs nothing.
 */
final class Fields {
  private final CodedInputStream in;
  private final int base;
  private int tag;
  private int from;
  private int to;
  private boolean pending;

  private Fields(byte[] data, int from, int to) {
    this.in = CodedInputStream.newInstance(data, from, to - from);
    this.base = from;
  }

  static Fields of(byte[] data, int from, int to) {
    return new Fields(data, from, to);
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() throws IOException {
    if (pending && !in.skipField(tag)) {
      throw new InvalidProtocolBufferException("a group ends that never began");
    }
    tag = in.readTag();
    pending = tag != 0;
    if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      enter();
    }
    return tag != 0;
  }

  private void enter() throws IOException {
    int length = in.readRawVarint32();
    if (length < 0 || length > in.getBytesUntilLimit()) {
      throw new InvalidProtocolBufferException("a length runs past the end of its message");
    }
    from = base + in.getTotalBytesRead();
    to = from + length;
    in.skipRawBytes(length);
    pending = false;
  }

  /** Number of the present field. */
  int number() {
    return WireFormat.getTagFieldNumber(tag);
  }

  /** Whether the present field has this number and a length: bytes, text, message or packed. */
  boolean isBytes(int number) {
    return is(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  /** Whether the present field has this number and is a variable-length integer. */
  boolean isVarint(int number) {
    return is(number, WireFormat.WIRETYPE_VARINT);
  }

  /** Whether the present field has this number and 8 bytes. */
  boolean isFixed64(int number) {
    return is(number, WireFormat.WIRETYPE_FIXED64);
  }

  private boolean is(int number, int wire) {
    return number() == number && WireFormat.getTagWireType(tag) == wire;
  }

  /** Where the present field's bytes begin in the array. */
  int from() {
    return from;
  }

  /** Where the present field's bytes end in the array, exclusive. */
  int to() {
    return to;
  }

  long fixed64() throws IOException {
    pending = false;
    return in.readFixed64();
  }

  double float64() throws IOException {
    pending = false;
    return in.readDouble();
  }

  long varint() throws IOException {
    pending = false;
    return in.readInt64();
  }

  int zigzag() throws IOException {
    pending = false;
    return in.readSInt32();
  }
}
