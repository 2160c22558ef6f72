package io.meshagent.packing;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text of {@code META-INF/NOTICE}: the libraries in the jar, and what they ask to be said. */
final class Notice {

  private static final String HEAD =
      """
      mesh-agent

      The agent is under the Apache License, Version 2.0: see META-INF/LICENSE.

      Its jar holds classes of the libraries below, each under the licence behind it. Classes that
      the agent cannot reach were left out; of the others the names of local variables and some
      annotations were left out, and a few references to other classes were replaced.

      """;

  private Notice() {}

  static String of(List<Library> inside, Licences licences) throws IOException {
    StringBuilder notice = new StringBuilder(HEAD);
    Map<String, String> texts = new LinkedHashMap<>();
    for (Library each : inside) {
      notice.append("  ").append(each).append("  ").append(licences.of(each)).append('\n');
      each.texts().forEach((name, text) -> add(texts, text, each.name() + ", " + name));
      add(texts, licences.textFor(each), each.name());
    }
    texts.forEach(
        (text, from) ->
            notice
                .append("\n----------------------------------------\n")
                .append(from)
                .append("\n\n")
                .append(text)
                .append('\n'));
    return notice.toString();
  }

  /** The same text once, with all that bring it. */
  private static void add(Map<String, String> texts, String text, String from) {
    if (!text.isEmpty()) {
      texts.merge(text, from, (one, other) -> one + "\n" + other);
    }
  }
}
