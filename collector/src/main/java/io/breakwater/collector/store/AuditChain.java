package io.breakwater.collector.store;

import io.breakwater.collector.store.Tables.ChainRow;
import io.breakwater.collector.store.Tables.Pruned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/**
 * The chain that makes a rewritten audit log show: the hash of a record is SHA-256, in hex, over
 * the previous record's hash (64 zeros before the first) followed by the record's canonical JSON
 * (RFC 8785, UTF-8). A record holds its number, and the digest of the inputs it was made from.
 *
 * <p>Old records are pruned after a time; then the chain begins with the hash of the last that is
 * gone, which is kept. A chain cut off at its end is only found by a hash that is known from
 * elsewhere: every alert carries the latest.
 */
public final class AuditChain {
  /** The hash before the first record. */
  public static final String GENESIS = "0".repeat(64);

  /** The digest of the inputs of a record that the engine did not make. */
  static final String NO_INPUTS = sha256("\n");

  private AuditChain() {}

  /**
   * What a check found.
   *
   * @param pruned number of the last record that is kept no more; 0 when none is
   * @param records number of the last record up to which all are whole
   * @param head its hash
   * @param problem what is wrong with the next one, or with the end; null when nothing is
   */
  public record Result(long pruned, long records, String head, @Nullable String problem) {}

  /**
   * Checks the whole journal in a data folder; a running collector does not mind.
   *
   * @param knownHead a hash that must be in the chain, from an alert for example, or null
   * @throws StoreException when there is no journal or it cannot be read
   */
  public static Result verify(Path dataFolder, @Nullable String knownHead) {
    Path journal = dataFolder.resolve("journal.db");
    if (!Files.isRegularFile(journal)) {
      throw new StoreException(
          "data folder " + dataFolder + ": has no journal.db (expected: a collector's --data)");
    }
    try (Handle handle = Sqlite.readOnly(journal).open()) {
      return new Walk(Tables.pruned(handle), knownHead).over(handle);
    }
  }

  /** The canonical form of a JSON text. */
  static String canonical(String json) {
    try {
      return new JsonCanonicalizer(json).getEncodedString();
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
  }

  /** The hash of a record that follows the one hashed {@code previous}. */
  static String hash(String previous, String canonical) {
    return sha256(previous + canonical);
  }

  /** SHA-256 of a text's UTF-8 bytes, in hex. */
  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** One pass over the records, oldest first. */
  private static final class Walk {
    private final @Nullable String knownHead;
    private final Pruned pruned;
    private long records;
    private String head;
    private boolean knownSeen;

    Walk(Pruned pruned, @Nullable String knownHead) {
      this.pruned = pruned;
      this.records = pruned.seq();
      this.head = pruned.hash();
      this.knownHead = knownHead;
      this.knownSeen = knownHead == null || knownHead.equals(GENESIS) || knownHead.equals(head);
    }

    Result over(Handle handle) {
      try (ResultIterator<ChainRow> rows = Tables.chain(handle)) {
        while (rows.hasNext()) {
          ChainRow row = rows.next();
          String problem = problem(row);
          if (problem != null) {
            return result("record " + row.seq() + ": " + problem);
          }
          records++;
          head = row.hash();
          knownSeen |= head.equals(knownHead);
        }
      }
      return result(knownSeen ? null : "no record has the hash " + knownHead + older());
    }

    private Result result(@Nullable String problem) {
      return new Result(pruned.seq(), records, head, problem);
    }

    private String older() {
      return pruned.seq() == 0
          ? ""
          : " (records 1 to " + pruned.seq() + " are kept no more; it may be that of one of them)";
    }

    private @Nullable String problem(ChainRow row) {
      if (row.seq() != records + 1) {
        return "record " + (records + 1) + " is missing";
      }
      if (!row.prev().equals(head)) {
        return "does not follow the record before it";
      }
      if (!hash(row.prev(), row.record()).equals(row.hash())) {
        return "does not have the hash that was written for it";
      }
      if (EngineJson.parse(row.record()).path("seq").asLong() != row.seq()) {
        return "carries another number";
      }
      return inputsProblem(row);
    }

    private @Nullable String inputsProblem(ChainRow row) {
      if (row.seq() <= pruned.inputs() && "".equals(row.snapshot()) && "".equals(row.events())) {
        return null; // kept no more
      }
      String digest = EngineJson.parse(row.record()).path("inputs").asText();
      if (row.snapshot() == null || row.events() == null) {
        return "its inputs are missing";
      }
      return digest.equals(sha256(row.snapshot() + "\n" + row.events()))
          ? null
          : "its inputs are not those it was made from";
    }
  }
}
