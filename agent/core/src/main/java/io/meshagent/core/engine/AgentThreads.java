package io.meshagent.core.engine;

import java.util.concurrent.ThreadFactory;

/**
 * Makes the agent's threads: daemons, so that they never keep the program's JVM alive, named so
 * that they are known in a thread dump, and with the agent's loader as context loader, so that
 * libraries that look there find ours and not the program's.
 */
public final class AgentThreads {

  private AgentThreads() {}

  public static ThreadFactory named(String name) {
    return task -> newThread(name, task);
  }

  public static Thread newThread(String name, Runnable task) {
    Thread thread = new Thread(task, "mesh-agent-" + name);
    thread.setDaemon(true);
    thread.setContextClassLoader(AgentThreads.class.getClassLoader());
    return thread;
  }
}
