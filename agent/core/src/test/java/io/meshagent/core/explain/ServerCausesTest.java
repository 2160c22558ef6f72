package io.meshagent.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.TestSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether calls can come to a server at all, and which methods were probably meant. */
class ServerCausesTest {

  private final List<String> remarks = new ArrayList<>();
  private final Causes causes = new Causes();

  private List<Map<String, Object>> said(String settings, ExplainedServer server) {
    return new ServerCauses("a.B", TestSettings.loadText("f", settings), null, causes, remarks)
        .tell(List.of(server));
  }

  private static ExplainedServer server(boolean network, boolean stopping, String state) {
    String place = state == null ? null : "10.0.0.7:5000";
    return new ExplainedServer(List.of("0.0.0.0:5000"), "http", network, stopping, place, state);
  }

  @Test
  void a_server_that_is_registered_is_told_of_and_nothing_speaks_against_it() {
    assertThat(said("", server(true, false, "published")).get(0))
        .containsEntry("listens on", List.of("0.0.0.0:5000"))
        .containsEntry("registered as", "10.0.0.7:5000")
        .containsEntry("state", "registered");
    assertThat(causes.rows()).isEmpty();
    assertThat(remarks).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                     | drains=10.0.0.7:5000 by ops   | published | drained         | is drained by ops: it gets no new
                     |                               |           | not-registered  | is not known yet; the log says more
                     |                               | held      | not-registered  | its health service has not said yet
                     |                               | draining  | not-registered  | says that it is not serving
                     |                               | withdrawn | not-registered  | says that it is not serving
          stopping   |                               | published | no-server       | The server on 0.0.0.0:5000 shuts down
          """)
  void what_keeps_calls_away_is_a_cause(
      String stopping, String settings, String state, String kind, String sentence) {
    List<Map<String, Object>> unused =
        said(settings == null ? "" : settings, server(true, stopping != null, state));
    assertThat(causes.rows()).hasSize(1);
    assertThat(causes.rows().get(0)).containsEntry("kind", kind);
    assertThat((String) causes.rows().get(0).get("cause")).contains(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "true, register.enabled=false, is not registered for a.B: register.enabled=false.",
    "true, register.exclude=a.*, is not registered for a.B: register.exclude names it.",
    "false, '', can't be reached by network: no policy applies to its calls.",
  })
  void what_somebody_wants_so_is_a_remark(boolean network, String settings, String sentence) {
    List<Map<String, Object>> unused = said(settings, server(network, false, null));
    assertThat(causes.rows()).isEmpty();
    assertThat(remarks).containsExactly("The server on 0.0.0.0:5000 " + sentence);
  }

  private void ask(String method, boolean here) {
    new KnownMethods(
            new AskedCall(method, Map.of()),
            Set.of("x.Y/Zed"),
            new TreeSet<>(Set.of("a.B/Find", "a.B/Keep")))
        .tell(here, causes, remarks);
  }

  @Test
  void a_method_that_nobody_knows_is_told_with_those_that_are_near() {
    ask("a.B/Find", true);
    ask("x.Y/Zed", false);
    ask("a.B", true);
    assertThat(causes.rows()).isEmpty();
    assertThat(remarks).isEmpty();

    ask("x.Y/Zet", false);
    assertThat(remarks)
        .containsExactly(
            "This program does not serve x.Y/Zet, nor has it called it yet; it serves a.B/Find,"
                + " a.B/Keep; it calls x.Y/Zed.");
    ask("a.B/Fnid", true);
    assertThat(causes.rows().get(0))
        .containsEntry("kind", "no-such-method")
        .containsEntry(
            "cause",
            "No server of this program lists a.B/Fnid: who calls it here is told UNIMPLEMENTED,"
                + " unless a registry of the program's own knows it; it serves a.B/Find and 1"
                + " more.");
  }
}
