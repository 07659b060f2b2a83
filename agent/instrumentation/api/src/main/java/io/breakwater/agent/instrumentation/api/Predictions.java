package io.breakwater.agent.instrumentation.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest predictions that have an id, until their label comes. Safe for use by many threads.
 */
final class Predictions {
  static final int MOST = 10_000;
  static final int MOST_ID_CHARS = 256;

  private final Map<String, Prediction> byId = new LinkedHashMap<>();

  /** Remembers a prediction; an id that is too long is not remembered. */
  synchronized void add(String id, Prediction prediction) {
    if (id.length() > MOST_ID_CHARS) {
      return;
    }
    byId.remove(id); // so that it is the latest now
    byId.put(id, prediction);
    if (byId.size() > MOST) {
      byId.remove(byId.keySet().iterator().next());
    }
  }

  /** The prediction of that name, which is forgotten by this; null if there is none. */
  synchronized @Nullable Prediction take(String id) {
    return byId.remove(id);
  }

  /** What was predicted, and by which model. */
  static final class Prediction {
    private final OwnModel model;
    private final String label;

    Prediction(OwnModel model, String label) {
      this.model = model;
      this.label = label;
    }

    OwnModel model() {
      return model;
    }

    String label() {
      return label;
    }
  }
}
