/** Sees ONNX Runtime for Java, 1.20 to 1.24: every session that is made, every call that is run. */
@NullMarked
package io.breakwater.agent.instrumentation.onnxruntime;

import org.jspecify.annotations.NullMarked;
