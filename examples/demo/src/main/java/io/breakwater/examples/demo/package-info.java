/**
 * The main job in one command: starts a collector, a router and two scoring servers as processes of
 * their own, sends them real rows, lets the canary fail and reports what the clients saw.
 */
@NullMarked
package io.breakwater.examples.demo;

import org.jspecify.annotations.NullMarked;
