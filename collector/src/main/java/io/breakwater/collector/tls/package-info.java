/** Certificates and keys from files, also when the files change. */
@NullMarked
package io.breakwater.collector.tls;

import org.jspecify.annotations.NullMarked;
