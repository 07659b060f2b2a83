package io.breakwater.agent.core.instrument;

import java.util.List;

/**
 * What the agent does to one model library: the methods whose calls are seen, and the advice that
 * reads them.
 *
 * <p>Found by {@link java.util.ServiceLoader}; needs a public constructor without arguments. An
 * implementation lives in the agent's own class loader, is asked while a class of the library is
 * being loaded, and must therefore not refer to any class of that library: its {@linkplain
 * Target#adviceClass() advice classes} may.
 */
public interface Instrumentation {

  /** The library's name as it appears in {@code ml.framework}, for example {@code onnxruntime}. */
  String name();

  /** The methods to see; the same list at every call. */
  List<Target> targets();
}
