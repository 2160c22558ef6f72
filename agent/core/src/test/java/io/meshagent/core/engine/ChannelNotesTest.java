package io.meshagent.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.route.ExplainedRoute;
import io.meshagent.core.route.RoutedServices;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ChannelNotesTest {

  private static final RoutedServices NONE = new Services(true, Map.of());

  private Instant now = Instant.EPOCH;
  private final ChannelNotes notes = new ChannelNotes(service -> "of " + service, () -> now);

  private static final class Services implements RoutedServices {
    private final boolean governed;
    private final Map<String, String> routes;

    Services(boolean governed, Map<String, String> routes) {
      this.governed = governed;
      this.routes = routes;
    }

    @Override
    public Map<String, String> routes() {
      return routes;
    }

    @Override
    public ExplainedRoute explain(String service, Endpoints known, Attempt call) {
      return null;
    }

    @Override
    public boolean isGoverned() {
      return governed;
    }
  }

  @Test
  void what_was_said_last_of_a_target_stands() {
    notes.note("dns:///a", "of a policy", NONE);
    notes.note("dns:///b", null, NONE);
    notes.note("dns:///a", null, NONE);

    assertThat(notes.rows()).extracting(row -> row.get("target")).contains("dns:///a", "dns:///b");
    assertThat(notes.rows()).allSatisfy(row -> assertThat(row).containsEntry("because", ""));

    notes.note("dns:///b", "of a policy", NONE);
    assertThat(notes.rows().get(1))
        .containsEntry("target", "dns:///b")
        .containsEntry("calls go to", "its own target")
        .containsEntry("because", "of a policy");
  }

  @Test
  void made_up_targets_do_not_fill_the_memory() {
    for (int i = 0; i < 10_000; i++) {
      notes.note("target" + i + "x".repeat(1_000), null, NONE);
    }
    notes.note("last", null, NONE);

    assertThat(notes.rows()).hasSize(100);
    assertThat(notes.rows().get(99)).containsEntry("target", "last");
    assertThat((String) notes.rows().get(0).get("target")).hasSizeLessThan(310);
  }

  @Test
  void it_is_said_since_when_and_how_each_service_goes() {
    Map<String, String> routes = new HashMap<>(Map.of("a.B", "3 instances"));
    routes.put("c.D", null);
    RoutedServices channel = new Services(true, routes);
    RoutedServices other = new Services(true, Map.of("e.F", "no instance"));
    notes.note("dns:///a", null, channel);
    now = now.plusSeconds(5);
    notes.note("dns:///a", null, other);

    assertThat(notes.rows().get(0))
        .containsEntry("since", "1970-01-01T00:00:00Z")
        .containsEntry("policies", "all")
        .containsEntry(
            "services",
            Map.of("a.B", "3 instances", "c.D", "its own target: of c.D", "e.F", "no instance"));

    RoutedServices control = new Services(false, Map.of());
    notes.note("dns:///a", "of a policy", control);
    assertThat(notes.rows().get(0))
        .containsEntry("since", "1970-01-01T00:00:05Z")
        .containsEntry("policies", "none")
        .extractingByKey("services")
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("c.D", "its own target");
  }
}
