package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AudienceTest {

  private static Audience of(String... lines) {
    return Audience.of("d", String.join("\n", lines));
  }

  private static boolean includes(Audience audience, String app, String version) {
    return audience.includes(app, version, 50);
  }

  @Test
  void a_document_that_names_nobody_is_for_all() {
    Audience all = of("client.timeout=1s", "# apply-to.app=none");
    assertThat(includes(all, "shop", "")).isTrue();
    assertThat(all.includes("shop", "", 99.99)).isTrue();
    assertThat(all.problems()).isEmpty();
  }

  @Test
  void all_that_it_names_has_to_fit() {
    Audience some = of("apply-to.app = shop, cart-*", "apply-to.version: 2*");
    assertThat(includes(some, "shop", "2.1")).isTrue();
    assertThat(includes(some, "cart-eu", "2")).isTrue();
    assertThat(includes(some, "cart", "2")).isFalse();
    assertThat(includes(some, "shop", "1.2")).isFalse();
  }

  @Test
  void a_share_is_by_place() {
    Audience share = of("apply-to.percent=12.5%");
    assertThat(share.includes("a", "", 12.4)).isTrue();
    assertThat(share.includes("a", "", 12.5)).isFalse();
    assertThat(of("apply-to.percent=0").includes("a", "", 0)).isFalse();
    assertThat(of("apply-to.percent=100").includes("a", "", 99.999)).isTrue();
  }

  @Test
  void what_is_wrong_is_told_with_its_line() {
    assertThat(
            of(
                    "",
                    "apply-to.percent=101",
                    "apply-to.apps=x",
                    "apply-to.app=,",
                    "apply-to.percent=NaN")
                .problems())
        .hasToString(
            "[d:2: apply-to.percent=101 is not a number from 0 to 100.,"
                + " d:3: apply-to.apps is none of apply-to.app, apply-to.version and"
                + " apply-to.percent.,"
                + " d:4: apply-to.app names no application.,"
                + " d:5: apply-to.percent=NaN is not a number from 0 to 100.]");
  }

  @Test
  void its_lines_set_nothing_in_a_document_and_are_no_settings_of_a_file() {
    Overlay overlay = new Overlay(TestSettings.defaults());
    overlay.add("d", "apply-to.app=shop\nclient.timeout=1s");
    assertThat(overlay.problems()).isEmpty();

    assertThat(TestSettings.loadText("f", "apply-to.app=shop").problems()).hasSize(1);
  }
}
