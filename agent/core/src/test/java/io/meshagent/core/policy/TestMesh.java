package io.meshagent.core.policy;

import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Call;
import io.meshagent.core.api.CallPlan;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.api.StartedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** An engine with a clock that moves when told, for calls that exist only in memory. */
final class TestMesh implements Mesh, LongSupplier {

  /** Not far from the end of the numbers, as a real nano clock may be. */
  private final AtomicLong nanos = new AtomicLong(Long.MIN_VALUE + 7);

  final AtomicInteger failures = new AtomicInteger();

  private final List<Later> timers = new ArrayList<>();

  /** With timers for one thread only. */
  void pass(Duration time) {
    if (timers.isEmpty()) {
      nanos.addAndGet(time.toNanos());
      return;
    }
    long until = nanos.get() + time.toNanos();
    for (Later due = next(until); due != null; due = next(until)) {
      timers.remove(due);
      nanos.set(due.at());
      due.task().run();
    }
    nanos.set(until);
  }

  /** Null if none is due by then. */
  private Later next(long until) {
    return timers.stream()
        .filter(later -> later.at() - until <= 0)
        .min(Comparator.comparingLong(later -> later.at() - until))
        .orElse(null);
  }

  Call call(CallPlan plan) {
    return call(plan, null);
  }

  /** One that an instance answers. */
  Call call(CallPlan plan, Object peer) {
    return new Call(plan, this) {
      @Override
      public Object peer() {
        return peer;
      }

      @Override
      public String header(String name) {
        return null;
      }

      @Override
      public void addHeader(String name, String value) {}
    };
  }

  @Override
  public long getAsLong() {
    return nanos.get();
  }

  @Override
  public void asGuest(Runnable task) {
    task.run();
  }

  /** Runs in {@link #pass}, when its time has come. */
  @Override
  public Runnable after(long delay, Runnable task) {
    Later later = new Later(nanos.get() + delay, task);
    timers.add(later);
    return () -> timers.remove(later);
  }

  private record Later(long at, Runnable task) {}

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public void failed(String place, Throwable cause) {
    failures.incrementAndGet();
  }

  @Override
  public void warn(String sentence) {}

  @Override
  public CallPlan plan(Side side, String method, boolean streaming) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Balancer balancer(Service service) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void serverStarted(StartedServer server) {}

  @Override
  public void serverStopping(StartedServer server, boolean mayWait) {}

  @Override
  public void refuses(Instance instance, boolean refuses) {}

  @Override
  public boolean fallsBack() {
    return true;
  }

  @Override
  public boolean reroutes(String target) {
    return true;
  }

  @Override
  public void connectionFailed(Instance instance) {}

  @Override
  public boolean reroutesOwnBalancing(String target) {
    return false;
  }

  @Override
  public void channel(String target, String leftAloneBecause) {}
}
