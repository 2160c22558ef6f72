package io.meshagent.core.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.DoubleAdder;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

class JdkDoubleAdderTest {

  @Test
  void has_every_public_method_of_the_class_it_stands_for() throws NoSuchMethodException {
    for (Method method : DoubleAdder.class.getMethods()) {
      Method ours = JdkDoubleAdder.class.getMethod(method.getName(), method.getParameterTypes());
      assertThat(ours.getReturnType()).as(method.getName()).isEqualTo(method.getReturnType());
    }
    assertThat(JdkDoubleAdder.class.getConstructors()).hasSize(1);
  }

  @Test
  void adds_sets_and_resets() {
    JdkDoubleAdder adder = new JdkDoubleAdder();
    adder.add(1.5);
    adder.add(2);

    assertThat(adder.sum()).isEqualTo(3.5);
    assertThat(adder.longValue()).isEqualTo(3);
    adder.set(10);
    assertThat(adder.doubleValue()).isEqualTo(10);
    assertThat(adder.sumThenReset()).isEqualTo(10);
    assertThat(adder.sum()).isZero();
    assertThat(adder).hasToString("0.0");
  }
}
