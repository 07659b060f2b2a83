package io.breakwater.agent.core.runtime;

/**
 * Starts the agent's threads: daemons that keep nothing of the application alive, and whose end is
 * no matter of the application's: its handler of uncaught exceptions may print or exit.
 */
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
    thread.setUncaughtExceptionHandler(AgentThreads::ended);
    thread.setContextClassLoader(AgentThreads.class.getClassLoader());
    return thread;
  }

  private static void ended(Thread thread, Throwable failure) {
    // the loops tell what they can; this is for what they could not even do for want of memory
  }
}
