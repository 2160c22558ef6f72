package io.meshagent.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChannelNotesTest {

  private final ChannelNotes notes = new ChannelNotes();

  @Test
  void what_was_said_last_of_a_target_stands() {
    notes.note("dns:///a", "of a policy");
    notes.note("dns:///b", null);
    notes.note("dns:///a", null);

    assertThat(notes.rows()).extracting(row -> row.get("target")).contains("dns:///a", "dns:///b");
    assertThat(notes.rows()).allSatisfy(row -> assertThat(row).containsEntry("because", ""));

    notes.note("dns:///b", "of a policy");
    assertThat(notes.rows().get(1))
        .containsEntry("target", "dns:///b")
        .containsEntry("calls go to", "its own target")
        .containsEntry("because", "of a policy");
  }

  @Test
  void made_up_targets_do_not_fill_the_memory() {
    for (int i = 0; i < 10_000; i++) {
      notes.note("target" + i + "x".repeat(1_000), null);
    }
    notes.note("last", null);

    assertThat(notes.rows()).hasSize(100);
    assertThat(notes.rows().get(99)).containsEntry("target", "last");
    assertThat((String) notes.rows().get(0).get("target")).hasSizeLessThan(310);
  }
}
