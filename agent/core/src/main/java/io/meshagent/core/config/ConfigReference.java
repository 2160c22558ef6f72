package io.meshagent.core.config;

/** Renders keys as the table of the reference in {@code docs/configuration.md}. */
public final class ConfigReference {

  private ConfigReference() {}

  /** The table as Markdown, with a line break at its end. */
  public static String markdown(KnownKeys keys) {
    StringBuilder table = new StringBuilder();
    table.append("| key | type | default | range | what it does |\n");
    table.append("|---|---|---|---|---|\n");
    for (Key<?> key : keys.all()) {
      table
          .append("| `")
          .append(key.name())
          .append(key.isSelectable() ? "` `@` | " : "` | ")
          .append(key.type().word())
          .append(" | ")
          .append(defaultOf(key))
          .append(" | ")
          .append(key.type().range())
          .append(" | ")
          .append(key.sentence().replace("|", "\\|"))
          .append(" |\n");
    }
    return table.toString();
  }

  private static String defaultOf(Key<?> key) {
    if (!key.defaultMeaning().isEmpty()) {
      return key.defaultMeaning();
    }
    return key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`";
  }
}
