/**
 * What runs when a call of ONNX Runtime ends: reads identity, inputs and outputs where they lie.
 *
 * <p>These classes are loaded once for each copy of the library in the process.
 */
@NullMarked
package io.breakwater.agent.instrumentation.onnxruntime.advice;

import org.jspecify.annotations.NullMarked;
