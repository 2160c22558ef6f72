package io.meshagent.it.harness;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Every process that the tests started and that may still run. Thread-safe. */
final class Children {

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-children"));
  }

  private Children() {}

  /** Ends the process with this JVM, if nothing ended it before. */
  static Process keep(Process process) {
    RUNNING.add(process);
    CompletableFuture<Void> unused = process.onExit().thenAccept(RUNNING::remove);
    return process;
  }
}
