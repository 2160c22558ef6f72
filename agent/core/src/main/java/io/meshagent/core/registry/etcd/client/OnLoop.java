package io.meshagent.core.registry.etcd.client;

import io.meshagent.core.run.TaskLoop;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Brings what a watch says to a loop, and drops what an earlier watch still says. Thread-safe. */
public final class OnLoop implements EtcdOperations.Watcher {

  private final TaskLoop loop;
  private final BooleanSupplier isPresent;
  private final EtcdOperations.Watcher watcher;

  /**
   * @param isPresent whether this watch is still the one that counts; asked on the loop
   * @param watcher told on the loop
   */
  public OnLoop(TaskLoop loop, BooleanSupplier isPresent, EtcdOperations.Watcher watcher) {
    this.loop = loop;
    this.isPresent = isPresent;
    this.watcher = watcher;
  }

  private void run(Runnable task) {
    loop.execute(
        () -> {
          if (isPresent.getAsBoolean()) {
            task.run();
          }
        });
  }

  @Override
  public void created(long revision) {
    run(() -> watcher.created(revision));
  }

  @Override
  public void changed(List<EtcdEntry> entries, boolean more) {
    run(() -> watcher.changed(entries, more));
  }

  @Override
  public void progressed() {
    run(watcher::progressed);
  }

  @Override
  public void ended(EtcdFailure failure) {
    run(() -> watcher.ended(failure));
  }
}
