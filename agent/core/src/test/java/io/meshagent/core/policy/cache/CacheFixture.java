package io.meshagent.core.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.AskedCall;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.TestPolicies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Calls of a method with a cache, on a clock of their own. */
abstract class CacheFixture {

  static final String METHOD = "a.B/C";
  static final String TTL = "client.breaker.enabled=false\nclient.cache.ttl@a.B=10s\n";
  static final Duration OVER = Duration.ofSeconds(10);

  final TestAgent mesh = new TestAgent();
  PlanCompiler compiler;
  CallPlan plan;

  static Settings settings(String text) {
    Settings parsed = TestSettings.loadText("test", text);
    assertThat(parsed.problems()).isEmpty();
    return parsed;
  }

  void use(String text) {
    if (compiler == null) {
      compiler = new PlanCompiler(settings(text), null, mesh, name -> null);
      plan = compiler.plan(Side.CLIENT, METHOD, MethodKind.UNARY);
    } else {
      compiler.recompile(settings(text));
    }
  }

  AskedCall call(String request) {
    return new AskedCall(plan, mesh, request);
  }

  AskedCall ask(String request) {
    return call(request).start();
  }

  List<AskedCall> ask(String request, int times) {
    List<AskedCall> calls = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      calls.add(ask(request));
    }
    return calls;
  }

  Caches caches() {
    return TestPolicies.caches(compiler);
  }

  String counted() {
    return String.valueOf(((Map<?, ?>) caches().facts().get("cache")).get(METHOD));
  }

  void assertNothingHeld() {
    assertThat(caches().flights()).isZero();
    assertThat(mesh.failures).hasValue(0);
  }
}
