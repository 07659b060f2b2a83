package io.breakwater.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.collector.http.FakeModels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hashes of the file were made with Python's hashlib, see the resource folder's README. */
class ReceivedChainTest {
  private final List<JsonNode> records = new ArrayList<>(FakeModels.read("trip.ndjson"));
  private final String head = records.get(1).path("hash").asText();

  @Test
  void wholeChain_isFine() {
    ReceivedChain chain = check(null);

    assertThat(chain).isEqualTo(new ReceivedChain("records 1 to 2", head, null));
  }

  @Test
  void endOfALongerChain_isFine() {
    records.remove(0);

    assertThat(check(null)).isEqualTo(new ReceivedChain("records 2 to 2", head, null));
  }

  @Test
  void rewrittenRecord_isFound() {
    ((ObjectNode) records.get(0).path("evidence")).put("bad", 15);

    assertThat(check(null).problem())
        .isEqualTo("record 1 does not have the hash that was written for it");
  }

  @Test
  void missingRecord_isFound() {
    records.add(((ObjectNode) records.get(1).deepCopy()).put("seq", 4));

    assertThat(check(null).problem()).isEqualTo("record 3 is missing");
  }

  @Test
  void recordOfAnotherChain_isFound() {
    ((ObjectNode) records.get(1)).put("prev", "0".repeat(64));

    assertThat(check(null).problem()).isEqualTo("record 2 does not follow the record before it");
  }

  @Test
  void knownHead_mustBeThere() {
    assertThat(check(head).problem()).isNull();
    assertThat(check("f".repeat(64)).problem()).startsWith("no record has the hash fff");
  }

  private ReceivedChain check(String knownHead) {
    List<JsonNode> newestFirst = new ArrayList<>(records);
    Collections.reverse(newestFirst);
    return ReceivedChain.check(newestFirst, knownHead);
  }
}
