package io.breakwater.agent.core.instrument;

import io.breakwater.agent.core.record.Drops;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Stands in for the hook: gives every patched method the one advice of a test. */
public final class AroundHook {
  static final String NAME = "io/breakwater/agent/core/instrument/AroundHook";
  static final Drops DROPS = new Drops();
  static AroundAdvice advice;

  private AroundHook() {}

  public static CallSite link(
      MethodHandles.Lookup caller, String name, MethodType type, String adviceClass) {
    Edge edge = new AroundEdge(advice, DROPS, (problem, cause) -> {});
    return new ConstantCallSite(edge.target(name).asType(type));
  }
}
