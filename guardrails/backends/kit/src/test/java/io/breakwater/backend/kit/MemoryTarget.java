package io.breakwater.backend.kit;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A target that is a map in this JVM; backends find it by name. */
final class MemoryTarget implements ContractTarget {
  static final Map<String, MemoryTarget> BY_NAME = new ConcurrentHashMap<>();

  private final String name = "memory-" + System.identityHashCode(this);
  Map<String, Double> shares;
  long changes;
  @Nullable Fault fault;

  MemoryTarget(Map<String, Double> shares) {
    this.shares = new TreeMap<>(shares);
    BY_NAME.put(name, this);
  }

  @Override
  public Map<String, Object> settings() {
    return new HashMap<>(Map.of("type", "memory", "target", name));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, Double> shares() {
    return new TreeMap<>(shares);
  }

  @Override
  public void write(Map<String, Double> written) {
    shares = new TreeMap<>(written);
  }

  @Override
  public OptionalLong changes() {
    return OptionalLong.of(changes);
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.complementOf(EnumSet.of(Fault.SLOW));
  }

  @Override
  public void suffer(Fault suffered) {
    fault = suffered;
  }

  @Override
  public void close() {
    BY_NAME.remove(name);
  }
}
