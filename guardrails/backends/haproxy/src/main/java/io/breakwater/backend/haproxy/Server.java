package io.breakwater.backend.haproxy;

/**
 * One server of the backend as HAProxy has it now.
 *
 * @param weight 0..256, as set by whoever set it last
 * @param configuredWeight 0..256, as the configuration file has it
 * @param out whether somebody took it out (maintenance or drain), whatever its weight
 * @param running whether its health check passes, or there is none
 * @param backup whether it gets traffic only when no other server is left
 * @param agent whether an agent check may change its weight at any time
 */
record Server(
    String name,
    int weight,
    int configuredWeight,
    boolean out,
    boolean running,
    boolean backup,
    boolean agent) {
  /** The weight that counts. */
  int effectiveWeight() {
    return out ? 0 : weight;
  }

  boolean ready() {
    return running && !out;
  }

  Server withWeight(int changed) {
    return new Server(name, changed, configuredWeight, out, running, backup, agent);
  }

  Server withBackup() {
    return new Server(name, weight, configuredWeight, out, running, true, agent);
  }
}
