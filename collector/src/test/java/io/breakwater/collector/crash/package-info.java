/** Collectors in processes of their own that are killed. */
package io.breakwater.collector.crash;
