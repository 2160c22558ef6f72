package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearNamesTest {

  private static final List<String> NAMES =
      List.of("helloworld.Greeter", "shop.Orders", "shop.v2.Orders", "shop.Order");

  @Test
  void a_slip_is_found_and_the_same_word_elsewhere_too() {
    assertThat(NearNames.to("helloworld.Greter", NAMES, 3)).containsExactly("helloworld.Greeter");
    assertThat(NearNames.to("greeter", NAMES, 3)).containsExactly("helloworld.Greeter");
    assertThat(NearNames.to("shop.v1.Orders", NAMES, 3)).contains("shop.v2.Orders", "shop.Orders");
    assertThat(NearNames.to("shop.v1.Orders", NAMES, 1)).hasSize(1);
    assertThat(NearNames.to("billing.Invoices", NAMES, 3)).isEmpty();
  }

  @Test
  void what_nobody_typed_by_hand_is_not_compared() {
    assertThat(NearNames.to("x".repeat(121), NAMES, 3)).isEmpty();
  }
}
