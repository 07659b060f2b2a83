/** Who may do what: tokens, client certificates, and requests that a browser was tricked into. */
@NullMarked
package io.breakwater.collector.access;

import org.jspecify.annotations.NullMarked;
