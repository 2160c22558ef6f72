package io.meshagent.core.policy.shed;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Foresight;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.PolicyMetrics;
import io.meshagent.core.policy.base.SupposedCall;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * What this JVM's servers have under way and have answered, for all methods that shed together: it
 * is one CPU that they share. Thread-safe.
 */
public final class Shedding implements ActivePolicy {

  private final LongSupplier nanoTime;
  private final CpuLoad cpu;
  private final Served served;
  private final AtomicInteger underWay = new AtomicInteger();

  /** Volatile: whether any method sheds by the present settings, for what is shown. */
  private volatile boolean on;

  Shedding(LongSupplier nanoTime, CpuLoad cpu) {
    this.nanoTime = nanoTime;
    this.cpu = cpu;
    this.served = new Served(nanoTime.getAsLong());
  }

  /** A stream takes its time, whatever the CPU does, and its end says nothing. */
  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    if (method.side() == Side.CLIENT
        || method.isStreaming()
        || !settings.select(ShedKeys.SHED, method.name()).value()) {
      return null;
    }
    on = true;
    return new ShedStage(this, settings.select(ShedKeys.CPU, method.name()).value());
  }

  @Override
  public void retain(Settings settings) {
    on = false;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  CpuLoad cpu() {
    return cpu;
  }

  Served served() {
    return served;
  }

  /** How many calls of methods that shed are under way. */
  AtomicInteger underWay() {
    return underWay;
  }

  @Override
  public Map<String, Object> facts() {
    if (!on) {
      return Collections.emptyMap();
    }
    Map<String, Object> rows = new LinkedHashMap<>();
    double percent = cpu.percent();
    int most = served.mostAtOnce(nanoTime());
    rows.put("cpu", percent < 0 ? "not known yet" : Math.round(percent) + " %");
    rows.put("calls under way", underWay.get());
    rows.put("calls it can answer at once", most < 0 ? "not known yet" : most);
    return Collections.singletonMap("shedding", rows);
  }

  /** Whether a call is refused hangs on this moment, which the next call need not be in. */
  @Override
  public Foresight foresee(SupposedCall call, Settings settings) {
    Selected<Boolean> shed = settings.select(ShedKeys.SHED, call.method());
    if (!shed.value() || call.isStreaming()) {
      return null;
    }
    int threshold = settings.select(ShedKeys.CPU, call.method()).value();
    double percent = on ? cpu.percent() : -1;
    int most = on ? served.mostAtOnce(nanoTime()) : Served.UNKNOWN;
    int now = underWay.get();
    String setting = ShedKeys.SHED.name(shed.selector());
    String says =
        "refuses calls while the CPU is at "
            + threshold
            + " % or more and more of them are under way than can be answered at once; now it is at "
            + (percent < 0 ? "a load not known yet" : Math.round(percent) + " %")
            + ", "
            + now
            + " under way of "
            + (most < 0 ? "a number not known yet" : String.valueOf(most));
    return percent >= threshold && most != Served.UNKNOWN && now > Math.max(1, most)
        ? Foresight.refused(setting, says)
        : Foresight.goesOn(setting, says);
  }

  @Override
  public void show(PolicyMetrics metrics) {
    metrics.gauge(
        "mesh_shed_cpu_ratio",
        "The load of the CPU by which servers shed calls, 0 to 1; not there while none does.",
        Collections.emptyList(),
        values -> {
          double percent = on ? cpu.percent() : -1;
          if (percent >= 0) {
            values.add(percent / 100);
          }
        });
    metrics.gauge(
        "mesh_shed_capacity",
        "Calls that can be answered at once, by those of the last ten seconds.",
        Collections.emptyList(),
        values -> {
          int most = on ? served.mostAtOnce(nanoTime()) : -1;
          if (most >= 0) {
            values.add(most);
          }
        });
  }
}
