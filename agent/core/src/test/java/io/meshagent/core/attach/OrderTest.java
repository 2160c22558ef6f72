package io.meshagent.core.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class OrderTest {

  @Test
  void is_read_as_it_was_written() {
    String settings = "etcd.endpoints=http://10.0.0.5:2379\napp.name=a:b";
    Order order = Order.parse(Order.of(Order.Kind.ATTACH, "a1", settings).text());
    assertThat(order.kind()).isEqualTo(Order.Kind.ATTACH);
    assertThat(order.id()).isEqualTo("a1");
    assertThat(order.configuration()).isEqualTo(settings);
    assertThat(Order.parse(Order.of(Order.Kind.DETACH, "a2", "").text()).kind())
        .isEqualTo(Order.Kind.DETACH);
  }

  @Test
  void any_other_argument_is_a_configuration_and_asks_for_no_answer() {
    Order order = Order.parse("/etc/mesh-agent.properties");
    assertThat(order.kind()).isEqualTo(Order.Kind.ATTACH);
    assertThat(order.id()).isNull();
    assertThat(order.configuration()).isEqualTo("/etc/mesh-agent.properties");
    assertThat(Order.parse(null).configuration()).isEmpty();
  }

  @Test
  void its_answer_is_found_by_its_id() {
    Properties properties = new Properties();
    properties.setProperty("sun.java.command", "app.jar");
    OrderResult.done("governs.").writeTo(properties, "a1");
    assertThat(OrderResult.readFrom(properties, "a2")).isNull();
    assertThat(OrderResult.readFrom(properties, "a1").isGood()).isTrue();

    OrderResult.refused("is governed already.").writeTo(properties, "a2");
    assertThat(OrderResult.readFrom(properties, "a2").isGood()).isFalse();
    assertThat(OrderResult.readFrom(properties, "a2").sentence()).isEqualTo("is governed already.");
  }

  @Test
  void an_answer_waits_for_its_reader_while_others_are_given_and_is_replaced_in_the_end() {
    Properties properties = new Properties();
    OrderResult.done("is let go.").writeTo(properties, "a1");
    OrderResult.refused("is not governed.").writeTo(properties, "a2");
    assertThat(OrderResult.readFrom(properties, "a1").sentence()).isEqualTo("is let go.");

    for (int i = 3; i <= 100; i++) {
      OrderResult.refused("is not governed.").writeTo(properties, "a" + i);
    }
    assertThat(OrderResult.readFrom(properties, "a1")).isNull();
    assertThat(OrderResult.readFrom(properties, "a100")).isNotNull();
    assertThat(properties).hasSizeLessThan(10);
  }
}
