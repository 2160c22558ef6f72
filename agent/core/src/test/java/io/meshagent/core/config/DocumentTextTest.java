package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentTextTest {

  private static final String TEXT =
      "# why\n  faults = on\n\nclient.route@a.B = x=1 -> version=2 ; \\\n   * -> version=1\napp = z\n";

  @Test
  void a_value_takes_the_place_of_its_line_and_new_ones_come_last() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("client.timeout", "1s");
    values.put("faults", "off");
    assertThat(DocumentText.with(TEXT, values))
        .isEqualTo(TEXT.replace("  faults = on", "faults=off") + "client.timeout=1s\n");
  }

  @Test
  void one_of_several_lines_goes_as_a_whole() {
    assertThat(DocumentText.with(TEXT, Map.of("client.route@a.B", "off")))
        .isEqualTo("# why\n  faults = on\n\nclient.route@a.B=off\napp = z\n");
  }

  @Test
  void what_is_taken_out_leaves_all_other_lines() {
    assertThat(DocumentText.without(TEXT, List.of("client.route@a.B", "client.timeout")))
        .isEqualTo("# why\n  faults = on\n\napp = z\n");
    assertThat(DocumentText.keys(TEXT)).containsExactly("faults", "client.route@a.B", "app");
    assertThat(DocumentText.isEmpty("# nothing\napply-to.app=x\n")).isTrue();
    assertThat(DocumentText.isEmpty(TEXT)).isFalse();
  }

  @Test
  void what_was_set_twice_is_set_once() {
    assertThat(DocumentText.with("a=1\nb=2\na=3\n", Map.of("a", "4"))).isEqualTo("a=4\nb=2\n");
  }

  @Test
  void an_empty_text_gets_its_first_line() {
    assertThat(DocumentText.with("", Map.of("a", "4"))).isEqualTo("a=4\n");
  }

  @Test
  void a_secret_is_not_shown() {
    assertThat(DocumentText.shown(TEXT, TestSettings.KEYS)).isEqualTo(TEXT);
    assertThat(
            DocumentText.shown(
                "# hunter1\nfaults=off\netcd.password = hunter\\\n  2\n", TestSettings.KEYS))
        .isEqualTo("faults=off\netcd.password=(value not shown)");
  }
}
