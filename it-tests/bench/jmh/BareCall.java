package io.meshagent.bench;

import io.meshagent.core.api.Agent;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Outcome;

/** A call with room for one header and nothing of gRPC around it. */
final class BareCall extends Call {

  private String header;

  BareCall(CallPlan plan, Agent agent) {
    super(plan, agent);
  }

  /** The whole of its life: it is let in, one attempt leaves, and all went well. */
  boolean live() {
    if (admit() != null) {
      throw new AssertionError("not let in: " + outcome().description());
    }
    sending();
    return end(Outcome.OK);
  }

  @Override
  public String header(String name) {
    return name.equals("traceparent") ? header : null;
  }

  @Override
  public void addHeader(String name, String value) {
    header = value;
  }

  @Override
  public String callerName() {
    return "shop";
  }
}
