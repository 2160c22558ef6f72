package io.meshagent.bench;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.Observers;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.telemetry.metrics.Metrics;
import io.meshagent.core.telemetry.trace.Tracing;
import io.meshagent.core.telemetry.trace.TracingSettings;

/** By what a call is governed: nothing, one stage alone, or several together. */
public enum Governed {
  NOTHING(Side.CLIENT, ""),
  METRICS(Side.CLIENT, "", true, false),
  BREAKER(Side.CLIENT, "client.breaker.enabled=true"),
  BREAKER_AND_SLOW_CALLS(Side.CLIENT, "client.breaker.enabled=true\nclient.breaker.slow-call=10s"),
  TIMEOUT(Side.CLIENT, "client.timeout=10s"),
  RATE_LIMIT(Side.CLIENT, "client.rate-limit.rate=1000000000/s"),
  CONCURRENCY(Side.CLIENT, "client.concurrency.limit=10000"),
  ADAPTIVE_CONCURRENCY(Side.CLIENT, "client.concurrency.limit=adaptive"),
  RETRIES(Side.CLIENT, "client.retry.attempts=2"),
  FALLBACK(Side.CLIENT, "client.fallback=default"),
  TRACE_OF_1_PERCENT(Side.CLIENT, "", false, true),
  DEFAULTS(Side.CLIENT, "client.breaker.enabled=true", true, false),
  SERVER_METRICS(Side.SERVER, "", true, false),
  SERVER_RATE_LIMIT(Side.SERVER, "server.rate-limit.rate=1000000000/s"),
  SERVER_CONCURRENCY(Side.SERVER, "server.concurrency.limit=10000"),
  SERVER_SHEDDING(Side.SERVER, "server.shed=on"),
  SERVER_ACCESS(Side.SERVER, "server.access=allow shop, cart-*; deny *"),
  SERVER_TRACE_OF_1_PERCENT(Side.SERVER, "", false, true);

  private static final String METHOD = "bench.Service/Call";

  private final Side side;
  private final String settings;
  private final boolean measured;
  private final boolean traced;

  Governed(Side side, String settings) {
    this(side, settings, false, false);
  }

  Governed(Side side, String settings, boolean measured, boolean traced) {
    this.side = side;
    this.settings = settings;
    this.measured = measured;
    this.traced = traced;
  }

  /** The plan of a unary method that is governed so; its collector is away. */
  CallPlan plan() {
    String off = settings.contains("breaker") ? "" : "client.breaker.enabled=false\n";
    return new PlanCompiler(
            TestSettings.loadText("bench", off + settings),
            observers(),
            System::nanoTime,
            name -> null)
        .plan(side, METHOD, MethodKind.UNARY);
  }

  private Observers observers() {
    Metrics metrics = new Metrics("bench");
    Tracing tracing =
        Tracing.create(
            new TracingSettings(traced ? "http://127.0.0.1:9" : null, 0.01, "bench", null, null));
    return new Observers() {
      @Override
      public Stage metrics(Side of, String method) {
        return measured ? metrics.stage(of, method) : null;
      }

      @Override
      public Stage trace(Side of, String method) {
        return traced ? tracing.stage(of, method) : null;
      }
    };
  }
}
