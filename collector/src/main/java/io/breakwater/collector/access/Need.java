package io.breakwater.collector.access;

import io.breakwater.collector.config.CollectorConfig.Role;

/** What a request asks for. */
public enum Need {
  /** Nothing: what it gets shows nothing of the models. */
  NOTHING,
  /** Sending metrics. */
  EMIT,
  /** Seeing states and decisions. */
  READ,
  /** Changing something. */
  OPERATE;

  /** Whether a role is enough; operate includes read. */
  boolean isMetBy(Role role) {
    return switch (this) {
      case NOTHING -> true;
      case EMIT -> role == Role.EMIT;
      case READ -> role == Role.READ || role == Role.OPERATE;
      case OPERATE -> role == Role.OPERATE;
    };
  }

  /** The roles that are enough, in words. */
  String roles() {
    return switch (this) {
      case NOTHING -> "any role";
      case EMIT -> "role emit";
      case READ -> "role read or operate";
      case OPERATE -> "role operate";
    };
  }
}
