package io.breakwater.collector.store;

import io.breakwater.engine.ModelState;
import io.breakwater.engine.reference.ReferenceSet;
import java.util.HashMap;
import java.util.Map;

/** Reads saved states and references. */
final class States {
  private States() {}

  static Map<String, ModelState> read(String file, Map<String, String> saved) {
    Map<String, ModelState> states = new HashMap<>();
    saved.forEach(
        (model, json) -> states.put(model, read(file, "state", model, json, ModelState.class)));
    return states;
  }

  static Map<String, ReferenceSet> references(Map<String, String> saved) {
    Map<String, ReferenceSet> references = new HashMap<>();
    saved.forEach(
        (model, json) ->
            references.put(
                model, read("journal.db", "reference", model, json, ReferenceSet.class)));
    return references;
  }

  private static <T> T read(String file, String what, String model, String json, Class<T> type) {
    try {
      return EngineJson.read(json, type);
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          file
              + ": the "
              + what
              + " of model "
              + model
              + " cannot be read: "
              + e.getMessage()
              + " (expected: a file written by this version or an older one)",
          e);
    }
  }
}
