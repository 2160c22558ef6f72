package io.meshagent.core.flight;

import java.util.Arrays;
import java.util.List;

/** The kinds of events, with what each tells: a name in recordings is {@code mesh.SlowCall}. */
enum EventKind {
  SLOW_CALL("mesh.SlowCall", "Slow call", "side method status time peer traceparent"),
  REFUSAL("mesh.Refusal", "Refused call", "side method status policy description"),
  CIRCUIT("mesh.Circuit", "Circuit opened or closed", "of state why"),
  EJECTION("mesh.Ejection", "Instance left out or back", "service instance state why"),
  NOTICE("mesh.Notice", "Said in the agent's log", "level sentence");

  /** The one field that is no text: nanoseconds, which viewers show as a time. */
  static final String TIME = "time";

  final String event;
  final String label;

  /** With blanks between. */
  private final String fields;

  EventKind(String event, String label, String fields) {
    this.event = event;
    this.label = label;
    this.fields = fields;
  }

  /** Their names, in order. */
  List<String> fields() {
    return Arrays.asList(fields.split(" ", -1));
  }
}
