package io.breakwater.collector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.collector.store.AuditChain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.erdtman.jcs.JsonCanonicalizer;
import org.jspecify.annotations.Nullable;

/**
 * Audit records as a collector answered them, checked here and not there: a hash is SHA-256 over
 * the previous hash and the record's canonical JSON without {@code prev} and {@code hash}.
 *
 * @param range which records fit, in words
 * @param head hash of the last that fits
 * @param problem what is wrong with the next, or null
 */
record ReceivedChain(String range, String head, @Nullable String problem) {

  /**
   * Checks a list without gaps.
   *
   * @param newestFirst the records
   * @param knownHead a hash that must be among them, or null
   */
  static ReceivedChain check(List<JsonNode> newestFirst, @Nullable String knownHead) {
    if (newestFirst.isEmpty()) {
      return new ReceivedChain("no records", AuditChain.GENESIS, absent(knownHead));
    }
    JsonNode oldest = newestFirst.get(newestFirst.size() - 1);
    long first = oldest.path("seq").asLong();
    long next = first;
    String head = first == 1 ? AuditChain.GENESIS : oldest.path("prev").asText();
    boolean known = knownHead == null;
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      JsonNode entry = newestFirst.get(i);
      String problem = problem(entry, next, head);
      if (problem != null) {
        return new ReceivedChain(range(first, next - 1), head, problem);
      }
      head = entry.path("hash").asText();
      known |= head.equals(knownHead);
      next++;
    }
    return new ReceivedChain(range(first, next - 1), head, known ? null : absent(knownHead));
  }

  private static String range(long first, long last) {
    return last < first ? "no records" : "records " + first + " to " + last;
  }

  private static @Nullable String absent(@Nullable String knownHead) {
    return knownHead == null ? null : "no record has the hash " + knownHead;
  }

  private static @Nullable String problem(JsonNode entry, long seq, String head) {
    if (entry.path("seq").asLong() != seq) {
      return "record " + seq + " is missing";
    }
    if (!entry.path("prev").asText().equals(head)) {
      return "record " + seq + " does not follow the record before it";
    }
    return hash(head, entry).equals(entry.path("hash").asText())
        ? null
        : "record " + seq + " does not have the hash that was written for it";
  }

  private static String hash(String previous, JsonNode entry) {
    ObjectNode bare = entry.deepCopy();
    bare.remove(List.of("prev", "hash"));
    try {
      String canonical = new JsonCanonicalizer(bare.toString()).getEncodedString();
      byte[] bytes = (previous + canonical).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (IOException e) {
      return "not canonical: " + e.getMessage(); // fits no hash
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
