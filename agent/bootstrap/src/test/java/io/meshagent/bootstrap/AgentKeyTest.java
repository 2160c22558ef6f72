package io.meshagent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class AgentKeyTest {

  @Test
  void what_anybody_can_make_is_no_key() {
    assertThat(AgentKey.isTheJvms(null)).isFalse();
    assertThat(AgentKey.isTheJvms(made(AgentKeyTest.class.getClassLoader()))).isFalse();
    Instrumentation ofTheBootstrapLoader = made(null);
    assertThat(ofTheBootstrapLoader.getClass().getClassLoader()).isNull();
    assertThat(AgentKey.isTheJvms(ofTheBootstrapLoader)).isFalse();
  }

  private static Instrumentation made(ClassLoader loader) {
    return (Instrumentation)
        Proxy.newProxyInstance(
            loader, new Class<?>[] {Instrumentation.class}, (proxy, method, arguments) -> null);
  }
}
