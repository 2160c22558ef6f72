package io.meshagent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.javaagent.OwnLoader;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class HookTriggerTest {

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
}
