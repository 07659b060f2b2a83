package io.breakwater.collector.store;

import io.breakwater.engine.ModelState;
import java.util.HashMap;
import java.util.Map;

/** Reads saved states. */
final class States {
  private States() {}

  static Map<String, ModelState> read(String file, Map<String, String> saved) {
    Map<String, ModelState> states = new HashMap<>();
    saved.forEach((model, json) -> states.put(model, read(file, model, json)));
    return states;
  }

  private static ModelState read(String file, String model, String json) {
    try {
      return EngineJson.read(json, ModelState.class);
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          file
              + ": the state of model "
              + model
              + " cannot be read: "
              + e.getMessage()
              + " (expected: a file written by this version or an older one)",
          e);
    }
  }
}
