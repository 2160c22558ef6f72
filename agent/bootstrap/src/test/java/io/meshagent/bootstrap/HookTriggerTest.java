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
      assertThat(HookTrigger.isOtherAgents(new OwnLoader())).isTrue();
      assertThat(HookTrigger.isOtherAgents(program)).isFalse();
      assertThat(HookTrigger.isOtherAgents(ClassLoader.getSystemClassLoader())).isFalse();
    }
  }

  @Test
  void leaves_the_grpc_of_another_agent_alone() throws Exception {
    HookTrigger trigger = new HookTrigger(null, null);
    byte[] changed =
        trigger.transform(
            new OwnLoader(), "io/grpc/internal/ManagedChannelImpl", null, null, new byte[0]);
    assertThat(changed).isNull();
  }
}
