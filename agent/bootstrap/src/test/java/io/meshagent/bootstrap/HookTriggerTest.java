package io.meshagent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.javaagent.OwnLoader;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HookTriggerTest {

  private final List<String> called = new ArrayList<>();

  private final Instrumentation instrumentation =
      (Instrumentation)
          Proxy.newProxyInstance(
              HookTriggerTest.class.getClassLoader(),
              new Class<?>[] {Instrumentation.class},
              (proxy, method, arguments) -> {
                called.add(method.getName());
                return method.getReturnType() == boolean.class ? true : null;
              });

  @Test
  void tells_loaders_of_other_agents_from_the_programs() throws Exception {
    try (URLClassLoader program = new URLClassLoader(new URL[0])) {
      assertThat(HookTrigger.isAgents(new OwnLoader())).isTrue();
      assertThat(HookTrigger.isAgents(program)).isFalse();
      assertThat(HookTrigger.isAgents(ClassLoader.getSystemClassLoader())).isFalse();
    }
  }

  @Test
  void leaves_the_grpc_of_another_agent_alone() throws Exception {
    HookTrigger trigger = new HookTrigger(null, null, null);
    byte[] changed =
        trigger.transform(
            new OwnLoader(), "io/grpc/internal/ManagedChannelImpl", null, null, new byte[0]);
    assertThat(changed).isNull();
  }

  @Test
  void an_engine_that_has_not_started_is_given_up_in_one_step() throws Exception {
    HookTrigger trigger = new HookTrigger(null, instrumentation, null);
    trigger.install();
    assertThat(HookTrigger.present()).isSameAs(trigger);

    assertThat(trigger.removeUnstarted()).isTrue();
    assertThat(HookTrigger.present()).isNull();
    assertThat(called).contains("addTransformer", "removeTransformer");
    assertThat(loadsGrpc(trigger)).as("no engine is started any more").isNull();
  }

  @Test
  void an_engine_that_did_not_start_does_not_stand_for_the_agent() throws Exception {
    HookTrigger trigger = new HookTrigger(null, instrumentation, new ClassLoader(null) {});
    trigger.install();

    assertThat(loadsGrpc(trigger)).isNull();
    assertThat(HookTrigger.present()).as("so an attach may try anew").isNull();
    assertThat(called).contains("removeTransformer");
  }

  private static byte[] loadsGrpc(HookTrigger trigger) throws Exception {
    try (URLClassLoader program = new URLClassLoader(new URL[0])) {
      return trigger.transform(
          program, "io/grpc/internal/ManagedChannelImpl", null, null, new byte[0]);
    }
  }
}
