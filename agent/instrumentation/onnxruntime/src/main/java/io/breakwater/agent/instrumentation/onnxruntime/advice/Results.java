package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OrtSession;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Outputs of a call by name, without the wrapper that the public getter makes. */
final class Results {
  private Results() {}

  static @Nullable Object get(OrtSession.Result result, String name) {
    return LibraryMembers.RESULT_MAP != null
        ? ((Map<?, ?>) LibraryMembers.RESULT_MAP.get(result)).get(name)
        : result.get(name).orElse(null);
  }
}
