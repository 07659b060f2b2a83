package io.breakwater.collector.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One attribute, as positions in the request's bytes. */
final class KeyValue {
  private final byte[] data;
  private int keyFrom;
  private int keyTo;
  private int valueFrom;
  private int valueTo;

  private KeyValue(byte[] data) {
    this.data = data;
  }

  static KeyValue read(byte[] data, int from, int to) throws IOException {
    KeyValue attribute = new KeyValue(data);
    Fields fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isBytes(1)) {
        attribute.keyFrom = fields.from();
        attribute.keyTo = fields.to();
      } else if (fields.isBytes(2)) {
        attribute.valueFrom = fields.from();
        attribute.valueTo = fields.to();
      }
    }
    return attribute;
  }

  boolean is(byte[] key) {
    return Arrays.equals(data, keyFrom, keyTo, key, 0, key.length);
  }

  /** The value when it is a text, else the empty text. */
  String text() throws IOException {
    String text = "";
    Fields fields = Fields.of(data, valueFrom, valueTo);
    while (fields.next()) {
      if (fields.isBytes(1)) {
        text = new String(data, fields.from(), fields.to() - fields.from(), StandardCharsets.UTF_8);
      }
    }
    return text;
  }

  /** The value when it is a number, else NaN. */
  double number() throws IOException {
    double number = Double.NaN;
    Fields fields = Fields.of(data, valueFrom, valueTo);
    while (fields.next()) {
      if (fields.isFixed64(4)) {
        number = fields.float64();
      } else if (fields.isVarint(3)) {
        number = fields.varint();
      }
    }
    return number;
  }
}
