package io.meshagent.core.call;

import io.meshagent.core.api.Agent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** An engine with a clock that moves when told, for calls that exist only in memory. */
public final class TestAgent implements Agent, LongSupplier {

  /** Not far from the end of the numbers, as a real nano clock may be. */
  private final AtomicLong nanos = new AtomicLong(Long.MIN_VALUE + 7);

  public final AtomicInteger failures = new AtomicInteger();

  /** What was said by {@link #news}. */
  public final List<String> news = new ArrayList<>();

  /** Has no memory for a timer. */
  public boolean poor;

  private final List<Later> timers = new ArrayList<>();

  /** With timers for one thread only. */
  public void pass(Duration time) {
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

  public Call call(CallPlan plan) {
    return call(plan, null);
  }

  /** One that an instance answers. */
  public Call call(CallPlan plan, Object peer) {
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

  /**
   * One of a server's.
   *
   * @param proven whom the caller's certificate names
   * @param name what it says of itself, or null
   * @param headers a name, a value, and so on
   */
  public Call callBy(CallPlan plan, List<String> proven, String name, String... headers) {
    return new Call(plan, this) {
      @Override
      public List<String> certified() {
        return proven;
      }

      @Override
      public String callerName() {
        return name;
      }

      @Override
      public String header(String wanted) {
        for (int i = 0; i < headers.length; i += 2) {
          if (headers[i].equals(wanted)) {
            return headers[i + 1];
          }
        }
        return null;
      }

      @Override
      public void addHeader(String added, String value) {}
    };
  }

  /** One that would rather wait than fail, and can. */
  public Call patientCall(CallPlan plan) {
    return new Call(plan, this) {
      @Override
      public boolean prefersWaiting() {
        return true;
      }

      @Override
      protected boolean isKeepable() {
        return true;
      }

      @Override
      public String header(String name) {
        return null;
      }

      @Override
      public void addHeader(String name, String value) {}
    };
  }

  /** Admits a call now, and again each time that it is resumed. */
  public static void admit(Call call, Consumer<Verdict> told) {
    Verdict verdict = call.admit();
    told.accept(verdict);
    if (verdict instanceof Wait) {
      call.park(() -> admit(call, told));
    }
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
    if (poor) {
      throw new OutOfMemoryError("no timer");
    }
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
  public void news(String sentence) {
    news.add(sentence);
  }
}
