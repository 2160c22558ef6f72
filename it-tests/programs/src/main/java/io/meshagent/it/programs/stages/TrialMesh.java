package io.meshagent.it.programs.stages;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.KnownChannel;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.StartedServer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An engine that has a clock and one thread, and leaves all calls where they go. */
final class TrialMesh implements Mesh {

  final Queue<String> failures = new ConcurrentLinkedQueue<>();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "agent");
            made.setDaemon(true);
            return made;
          });

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void asGuest(Runnable task) {
    thread.execute(task);
  }

  @Override
  public Runnable after(long nanos, Runnable task) {
    Future<?> due = thread.schedule(task, nanos, TimeUnit.NANOSECONDS);
    return () -> due.cancel(false);
  }

  @Override
  public void failed(String place, Throwable cause) {
    failures.add(place + ": " + cause);
  }

  @Override
  public void warn(String sentence) {}

  @Override
  public KnownChannel channel(String target, String scheme, boolean governed) {
    return new KnownChannel() {
      @Override
      public Route route(Service service) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void routed(String leftAloneBecause) {}
    };
  }

  @Override
  public String leftAlone(String target) {
    return "it is a trial";
  }

  @Override
  public boolean reroutesOwnBalancing(String target) {
    return false;
  }

  @Override
  public boolean fallsBack() {
    return true;
  }

  @Override
  public void serverStarted(StartedServer server) {}

  @Override
  public void serverStopping(StartedServer server, boolean mayWait) {}

  @Override
  public void refuses(Instance instance, boolean refuses) {}

  @Override
  public void connectionFailed(Instance instance) {}
}
