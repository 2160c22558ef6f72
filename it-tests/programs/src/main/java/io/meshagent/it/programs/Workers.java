package io.meshagent.it.programs;

/** Runs the same work on a few threads and waits for all of them. */
final class Workers {

  /** Work that may be interrupted. */
  interface Work {
    void run() throws InterruptedException;
  }

  private Workers() {}

  static void run(int count, Work work) throws InterruptedException {
    Thread[] threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      threads[i] =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "worker-" + i);
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
