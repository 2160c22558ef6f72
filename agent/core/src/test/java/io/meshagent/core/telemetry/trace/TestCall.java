package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TestAgent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A call with its headers in a map and a clock that stands still until it is set. */
public final class TestCall extends Call {

  final Map<String, String> headers = new LinkedHashMap<>();
  private final TestAgent agent;

  private TestCall(CallPlan plan, TestAgent agent) {
    super(plan, agent);
    this.agent = agent;
  }

  public static TestCall of(Side side, String method, Stage... stages) {
    CallPlan plan = new CallPlan(side, method, null);
    plan.install(stages, 0);
    return new TestCall(plan, new TestAgent());
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
    agent.pass(Duration.ofNanos(nanos));
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
}
