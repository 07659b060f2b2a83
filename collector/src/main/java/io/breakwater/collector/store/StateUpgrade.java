package io.breakwater.collector.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.engine.BaselineWindow;
import io.breakwater.engine.ModelState.DriftState;

/**
 * States of another version. What must outlive an upgrade is kept: breakers, standings, ledger,
 * shifts under way and references that were sent. Evidence is in a form that only the version that
 * gathered it knows; it is dropped and gathered anew.
 */
final class StateUpgrade {
  private StateUpgrade() {}

  /** A state as if nothing had been seen of its versions since their breakers moved last. */
  static String withoutEvidence(String json) {
    ObjectNode state = (ObjectNode) EngineJson.parse(json);
    state.set("stableDurations", EngineJson.tree(BaselineWindow.NONE));
    if (state.path("references") instanceof ObjectNode references) {
      references.putObject("gathered");
    }
    for (JsonNode version : state.path("versions")) {
      if (version instanceof ObjectNode of) {
        of.putObject("verdicts");
        of.putArray("recent");
        of.set("driftState", EngineJson.tree(DriftState.NONE));
      }
    }
    return state.toString();
  }
}
