package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Stage;
import java.util.LinkedHashMap;
import java.util.Map;

/** A call with its headers in a map and a clock that stands still until it is set. */
public final class TestCall extends Call {

  final Map<String, String> headers = new LinkedHashMap<>();
  private final Clock clock;

  private TestCall(CallPlan plan, Clock clock) {
    super(plan, clock);
    this.clock = clock;
  }

  public static TestCall of(Side side, String method, Stage... stages) {
    CallPlan plan = new CallPlan(side, method, null);
    plan.install(stages, 0);
    return new TestCall(plan, new Clock());
  }

  TestCall with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  TestCall within(Object context) {
    traceContext = context;
    return this;
  }

  /** Admits the call, lets a client's one attempt leave, and returns it. */
  public TestCall admitted() {
    admit();
    return plan().side() == Side.CLIENT ? attempt() : this;
  }

  /** One attempt leaves with the headers that there are. */
  TestCall attempt() {
    sending();
    return this;
  }

  public void takes(long nanos) {
    clock.nanos += nanos;
  }

  @Override
  public String header(String name) {
    return headers.get(name);
  }

  @Override
  public void addHeader(String name, String value) {
    if (headers.putIfAbsent(name, value) != null) {
      throw new IllegalStateException(name + " would be sent twice");
    }
  }

  private static final class Clock implements Agent {
    private long nanos;

    @Override
    public void asGuest(Runnable task) {
      task.run();
    }

    @Override
    public Runnable after(long delay, Runnable task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public void failed(String place, Throwable cause) {
      throw new AssertionError(place, cause);
    }

    @Override
    public void warn(String sentence) {}
  }
}
