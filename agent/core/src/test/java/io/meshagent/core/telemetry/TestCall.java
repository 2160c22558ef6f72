package io.meshagent.core.telemetry;

import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Call;
import io.meshagent.core.api.CallPlan;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.api.Stage;
import io.meshagent.core.api.StartedServer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A call with its headers in a map and a clock that stands still until it is set. */
final class TestCall extends Call {

  final Map<String, String> headers = new LinkedHashMap<>();
  private final Clock clock;

  private TestCall(CallPlan plan, Clock clock) {
    super(plan, clock);
    this.clock = clock;
  }

  static TestCall of(Side side, String method, Stage... stages) {
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
  TestCall admitted() {
    admit();
    return plan().side() == Side.CLIENT ? attempt() : this;
  }

  /** One attempt leaves with the headers that there are. */
  TestCall attempt() {
    sending();
    return this;
  }

  void takes(long nanos) {
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

  private static final class Clock implements Mesh {
    private long nanos;

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
