/** A KServe-v2-shaped HTTP server around ONNX Runtime models of California housing districts. */
@NullMarked
package io.breakwater.examples.scoring;

import org.jspecify.annotations.NullMarked;
