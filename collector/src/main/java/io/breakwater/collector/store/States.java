package io.breakwater.collector.store;

import io.breakwater.engine.ModelState;
import io.breakwater.engine.reference.ReferenceSet;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads saved states and references. */
final class States {
  private static final Logger log = LoggerFactory.getLogger(States.class);

  private States() {}

  static Map<String, ModelState> read(Handle handle, String file, String table) {
    Map<String, ModelState> states = new HashMap<>();
    EngineJson.Finder finder = ReferenceShelf.finder(handle);
    Tables.states(handle, table)
        .forEach((model, json) -> states.put(model, state(file, model, json, finder)));
    return states;
  }

  private static ModelState state(
      String file, String model, String json, EngineJson.Finder finder) {
    try {
      return EngineJson.read(json, ModelState.class, finder);
    } catch (IllegalArgumentException e) {
      ModelState upgraded = upgraded(file, model, json, finder);
      log.warn(
          "{}: the state of model {} is of another version; breakers, standings and references are"
              + " as they were, evidence is gathered anew ({})",
          file,
          model,
          e.getMessage());
      return upgraded;
    }
  }

  private static ModelState upgraded(
      String file, String model, String json, EngineJson.Finder finder) {
    try {
      return EngineJson.read(StateUpgrade.withoutEvidence(json), ModelState.class, finder);
    } catch (IllegalArgumentException e) {
      throw unreadable(file, "state", model, e);
    }
  }

  static Map<String, ReferenceSet> references(Handle handle) {
    Map<String, String> saved = Tables.references(handle);
    EngineJson.Finder finder = ReferenceShelf.finder(handle);
    Map<String, ReferenceSet> references = new HashMap<>();
    saved.forEach((model, json) -> references.put(model, reference(model, json, finder)));
    return references;
  }

  private static ReferenceSet reference(String model, String json, EngineJson.Finder finder) {
    try {
      return EngineJson.read(json, ReferenceSet.class, finder);
    } catch (IllegalArgumentException e) {
      throw unreadable("journal.db", "reference", model, e);
    }
  }

  private static StoreException unreadable(
      String file, String what, String model, IllegalArgumentException reason) {
    return new StoreException(
        file
            + ": the "
            + what
            + " of model "
            + model
            + " cannot be read: "
            + reason.getMessage()
            + " (expected: a file written by this version or an older one)",
        reason);
  }
}
