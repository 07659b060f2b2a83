package io.breakwater.backend.kit;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** A deployment target under test, seen and handled without the backend's code. */
public interface ContractTarget extends AutoCloseable {
  /** The {@code backend:} section of a guardrail file that names this target. */
  Map<String, Object> settings();

  /** What an error message must contain so that people know which target it is about. */
  String name();

  /** Share of traffic per version as the target itself has it, 0..1. */
  Map<String, Double> shares() throws Exception;

  /** Changes the shares as somebody else would, behind the backend's back. */
  void write(Map<String, Double> shares) throws Exception;

  /** How many changes the target was asked for so far; empty when it cannot tell. */
  default OptionalLong changes() {
    return OptionalLong.empty();
  }

  /** The faults this target can be given. */
  Set<Fault> faults();

  /** Gives the target a fault. Called at most once for one target, with one of {@link #faults}. */
  void suffer(Fault fault) throws Exception;

  @Override
  void close() throws IOException;
}
