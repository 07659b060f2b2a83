/** What is normal: the distributions that drift is measured against. */
@NullMarked
package io.breakwater.engine.reference;

import org.jspecify.annotations.NullMarked;
