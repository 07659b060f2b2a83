package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.model.ByIdentity;

/** All sessions of this copy of the library. */
final class Sessions {
  static final ByIdentity<OrtSession, Session> ALL = new ByIdentity<>(Session::new);

  private Sessions() {}
}
