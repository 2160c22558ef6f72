package io.meshagent.core.telemetry.trace;

import io.meshagent.core.call.Call;
import java.util.List;

/** Several kinds of headers: the first that is there counts, and all are written. Immutable. */
final class SeveralHeaders extends Propagation {

  private final Propagation[] all;

  SeveralHeaders(List<Propagation> all) {
    this.all = all.toArray(new Propagation[0]);
  }

  @Override
  byte[] found(Call call) {
    for (Propagation each : all) {
      byte[] found = each.found(call);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  @Override
  String state(Call call) {
    for (Propagation each : all) {
      if (each.found(call) != null) {
        return each.state(call);
      }
    }
    return null;
  }

  @Override
  void write(Call call, byte[] traceparent, String state) {
    for (Propagation each : all) {
      each.write(call, traceparent, state);
    }
  }
}
