package io.breakwater.agent.core.runtime;

/** Starts the agent's threads: daemons that keep nothing of the application alive. */
final class AgentThreads {
  private AgentThreads() {}

  static Thread start(String name, Runnable work) {
    Thread thread = create(name, work);
    thread.start();
    return thread;
  }

  /** A thread of the top group, without the creator's thread-locals and context loader. */
  static Thread create(String name, Runnable work) {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group != null && group.getParent() != null) {
      group = group.getParent();
    }
    Thread thread = new Thread(group, work, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(AgentThreads.class.getClassLoader());
    return thread;
  }
}
