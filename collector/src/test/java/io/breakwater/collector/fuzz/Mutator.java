package io.breakwater.collector.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Makes inputs from inputs: a few random changes to one of the corpus. An input that took a new way
 * joins the corpus. The same seed makes the same inputs. Used by one thread.
 */
final class Mutator {
  private static final int MAX_LENGTH = 1 << 16;
  private static final int MAX_CORPUS = 4_000;
  private static final int MAX_WAYS = 100_000;
  private static final String[] NUMBERS = {
    "0",
    "-1",
    "1",
    "2147483648",
    "-9223372036854775809",
    "1e309",
    "-0.0",
    "NaN",
    "Infinity",
    "0x7",
    "1e-320",
    "99999999999999999999999999",
    "00",
    "+1",
    "1_000",
    "٣"
  };
  private static final int[] BYTES = {
    0, 1, 8, 10, 13, 27, 34, 44, 58, 91, 92, 93, 123, 125, 127, 128, 192, 237, 255
  };

  private final SplittableRandom random;
  private final List<byte[]> corpus = new ArrayList<>();
  private final List<byte[]> words = new ArrayList<>();
  private final Set<String> ways = new HashSet<>();

  Mutator(FuzzTarget target, long seed) {
    random = new SplittableRandom(seed);
    corpus.addAll(target.seeds());
    target.words().forEach(word -> words.add(word.getBytes(StandardCharsets.UTF_8)));
  }

  /** How many ways were taken so far. */
  int ways() {
    return ways.size();
  }

  /** Notes the way an input took. */
  void took(byte[] input, String way) {
    if (ways.size() < MAX_WAYS && ways.add(way) && corpus.size() < MAX_CORPUS) {
      corpus.add(input);
    }
  }

  byte[] next() {
    byte[] input = corpus.get(random.nextInt(corpus.size()));
    for (int changes = 1 + random.nextInt(1 + random.nextInt(8)); changes > 0; changes--) {
      input = changed(input);
    }
    return input.length <= MAX_LENGTH ? input : slice(input, 0, MAX_LENGTH);
  }

  private byte[] changed(byte[] input) {
    int at = input.length == 0 ? 0 : random.nextInt(input.length + 1);
    int end = Math.min(input.length, at + 1 + random.nextInt(1 + random.nextInt(64)));
    return switch (random.nextInt(12)) {
      case 0 -> flipped(input);
      case 1 -> joined(slice(input, 0, at), bytes(), slice(input, at, input.length));
      case 2 -> joined(slice(input, 0, at), slice(input, end, input.length));
      case 3 -> joined(slice(input, 0, end), slice(input, at, input.length));
      case 4, 5 -> joined(slice(input, 0, at), word(), slice(input, at, input.length));
      case 6 -> joined(slice(input, 0, at), word(), slice(input, end, input.length));
      case 7 -> spliced(input, at);
      case 8 -> number(input, at);
      case 9 -> slice(input, 0, at);
      case 10 ->
          joined(slice(input, 0, at), many(slice(input, at, end)), slice(input, end, input.length));
      default -> special(input);
    };
  }

  private byte[] flipped(byte[] input) {
    byte[] copy = input.clone();
    if (copy.length > 0) {
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  private byte[] special(byte[] input) {
    byte[] copy = input.clone();
    if (copy.length > 0) {
      copy[random.nextInt(copy.length)] = (byte) BYTES[random.nextInt(BYTES.length)];
    }
    return copy;
  }

  private byte[] bytes() {
    byte[] some = new byte[1 + random.nextInt(8)];
    random.nextBytes(some);
    return some;
  }

  private byte[] word() {
    return words.isEmpty() ? bytes() : words.get(random.nextInt(words.size()));
  }

  private byte[] spliced(byte[] input, int at) {
    byte[] other = corpus.get(random.nextInt(corpus.size()));
    int from = other.length == 0 ? 0 : random.nextInt(other.length);
    return joined(slice(input, 0, at), slice(other, from, other.length));
  }

  /** Another number in place of the digits that follow. */
  private byte[] number(byte[] input, int at) {
    int begin = at;
    while (begin < input.length && !isDigit(input[begin])) {
      begin++;
    }
    int end = begin;
    while (end < input.length && isDigit(input[end])) {
      end++;
    }
    byte[] number = NUMBERS[random.nextInt(NUMBERS.length)].getBytes(StandardCharsets.UTF_8);
    return joined(slice(input, 0, begin), number, slice(input, end, input.length));
  }

  private static boolean isDigit(byte one) {
    return one >= '0' && one <= '9';
  }

  private byte[] many(byte[] part) {
    byte[][] parts = new byte[1 << random.nextInt(12)][];
    java.util.Arrays.fill(parts, part);
    return joined(parts);
  }

  private static byte[] slice(byte[] input, int from, int to) {
    return java.util.Arrays.copyOfRange(input, from, Math.max(from, to));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      if (all.size() < MAX_LENGTH) {
        all.writeBytes(part);
      }
    }
    return all.toByteArray();
  }
}
