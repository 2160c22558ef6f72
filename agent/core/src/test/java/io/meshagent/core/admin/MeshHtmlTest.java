package io.meshagent.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeshHtmlTest {

  @Test
  void puts_plain_facts_first_and_the_rest_under_headings() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("services", List.of(Map.of("service", "a.Service")));
    facts.put("application", "greeter");

    String page = new MeshHtml().page(facts);

    assertThat(page)
        .containsSubsequence("application", "greeter", "<h2>services</h2>", "a.Service");
  }

  @Test
  void makes_a_table_of_a_list_of_maps_with_every_column_that_a_row_has() {
    String page =
        new MeshHtml()
            .page(Map.of("rows", List.of(Map.of("a", 1), Map.of("b", List.of("x", "y")))));

    assertThat(page)
        .contains("<th scope=\"col\">a</th><th scope=\"col\">b</th>")
        .contains("<tr><td>1</td><td></td></tr>")
        .contains("<tr><td>x</td></tr><tr><td>y</td></tr>");
  }

  @Test
  void says_none_of_what_is_empty() {
    assertThat(new MeshHtml().page(Map.of("problems", Collections.emptyList())))
        .contains("<h2>problems</h2><span class=\"none\">none</span>");
  }

  @Test
  void escapes_names_and_values() {
    String evil = "<script>alert('\"&')</script>";

    String page =
        new MeshHtml()
            .page(
                Map.of(evil, evil, evil + "2", List.of(Map.of(evil, List.of(Map.of(evil, evil))))));

    assertThat(page)
        .doesNotContain("<script")
        .contains("&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;");
  }

  @Test
  void needs_nothing_from_elsewhere() {
    assertThat(new MeshHtml().page(Map.of("a", "b")))
        .doesNotContain("src=", "http://", "https://", "<link");
  }
}
