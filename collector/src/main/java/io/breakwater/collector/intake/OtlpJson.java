package io.breakwater.collector.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.protobuf.WireFormat;
import io.breakwater.collector.intake.OtlpJsonFields.Field;
import io.breakwater.collector.intake.OtlpJsonFields.Message;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads OTLP/JSON as a stream and writes the same request in protobuf, so that one decoder serves
 * both.
 *
 * <p>The rules of OTLP's JSON: names in lowerCamelCase; enums as numbers (their names are taken
 * too); 64-bit integers as texts or numbers; NaN and infinities as texts; bytes in base64; unknown
 * fields, and {@code null}, are skipped. For use by one thread, once.
 */
final class OtlpJson {
  /** Attribute values may be lists and maps within each other; nothing else nests. */
  private static final int MAX_DEPTH = 100;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final JsonParser in;
  private final WireBuffer out;

  private OtlpJson(JsonParser in, WireBuffer out) {
    this.in = in;
    this.out = out;
  }

  /**
   * The request in protobuf.
   *
   * @param most bytes that it may have at most
   * @throws OversizedException when it would have more
   * @throws IOException when the text is no such request, with line and column
   */
  static byte[] toProtobuf(byte[] json, int most) throws IOException {
    WireBuffer out = new WireBuffer(json.length, most);
    try (JsonParser in = JSON.createParser(json)) {
      OtlpJson reader = new OtlpJson(in, out);
      in.nextToken();
      reader.object(OtlpJsonFields.REQUEST);
      if (in.nextToken() != null) {
        throw reader.wrong("the end");
      }
    } catch (JsonProcessingException e) {
      throw new IOException(place(e.getLocation()) + e.getOriginalMessage(), e);
    }
    return out.toByteArray();
  }

  private static String place(@Nullable JsonLocation at) {
    return at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
  }

  private IOException wrong(String expected) throws IOException {
    String found = in.currentToken() == null ? "nothing" : in.getText();
    String shown = found == null ? "" : found.length() > 40 ? found.substring(0, 40) : found;
    return new IOException(
        place(in.currentTokenLocation()) + shown + " (expected: " + expected + ")");
  }

  private void object(Message message) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw wrong("an object");
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      Field field = message.field(in.currentName());
      JsonToken token = in.nextToken();
      if (field == null) {
        in.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        field(field);
      }
    }
  }

  private void field(Field field) throws IOException {
    switch (field.kind()) {
      case MESSAGE -> message(field);
      case MESSAGES -> {
        startList();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          message(field);
        }
      }
      case DOUBLES, FIXED64S, VARINTS -> list(field);
      default -> {
        out.tag(field.number(), wireType(field.kind()));
        scalar(field);
      }
    }
  }

  private void message(Field field) throws IOException {
    int at = out.open(field.number());
    object(field.message());
    out.close(at);
  }

  private void list(Field field) throws IOException {
    startList();
    int at = out.open(field.number());
    while (in.nextToken() != JsonToken.END_ARRAY) {
      switch (field.kind()) {
        case DOUBLES -> out.fixed64(Double.doubleToRawLongBits(float64()));
        case FIXED64S -> out.fixed64(integer());
        default -> out.varint(integer());
      }
    }
    out.close(at);
  }

  private void startList() throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw wrong("a list");
    }
  }

  private static int wireType(OtlpJsonFields.Kind kind) {
    return switch (kind) {
      case FIXED64, DOUBLE -> WireFormat.WIRETYPE_FIXED64;
      case TEXT, BYTES -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
      default -> WireFormat.WIRETYPE_VARINT;
    };
  }

  private void scalar(Field field) throws IOException {
    switch (field.kind()) {
      case FIXED64 -> out.fixed64(integer());
      case DOUBLE -> out.fixed64(Double.doubleToRawLongBits(float64()));
      case TEXT -> out.text(text());
      case BYTES -> out.bytes(in.getBinaryValue());
      case ZIGZAG -> out.varint(zigzag(integer()));
      case BOOLEAN -> out.varint(bool() ? 1 : 0);
      case TEMPORALITY -> out.varint(temporality());
      default -> out.varint(integer());
    }
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  private String text() throws IOException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong("a text");
    }
    return in.getText();
  }

  private boolean bool() throws IOException {
    if (!in.currentToken().isBoolean()) {
      throw wrong("true or false");
    }
    return in.getBooleanValue();
  }

  private long temporality() throws IOException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      return integer();
    }
    return switch (in.getText()) {
      case "AGGREGATION_TEMPORALITY_DELTA" -> 1;
      case "AGGREGATION_TEMPORALITY_CUMULATIVE" -> 2;
      default -> integer();
    };
  }

  private double float64() throws IOException {
    if (in.currentToken().isNumeric()) {
      return in.getDoubleValue();
    }
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      try {
        return Double.parseDouble(in.getText());
      } catch (NumberFormatException e) {
        throw wrong("a number");
      }
    }
    throw wrong("a number");
  }

  /** A 64-bit integer, signed or not. */
  private long integer() throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
        && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return in.getLongValue();
    }
    if (in.currentToken().isNumeric() || in.currentToken() == JsonToken.VALUE_STRING) {
      String text = in.getText();
      try {
        BigDecimal number = text.length() > 40 ? null : new BigDecimal(text.trim());
        if (number != null && Math.abs((long) number.scale()) <= 40) { // 1e99999999 takes minutes
          BigInteger value = number.toBigIntegerExact();
          if (value.bitLength() <= Long.SIZE) {
            return value.longValue();
          }
        }
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrong("a 64-bit integer");
      }
    }
    throw wrong("a 64-bit integer");
  }
}
