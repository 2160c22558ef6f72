package io.meshagent.core.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

/** Prints what policies show of themselves, as text and never as JSON. For one thread. */
final class FactsText {

  private final Consumer<String> line;

  /**
   * @param line prints one
   */
  FactsText(Consumer<String> line) {
    this.line = line;
  }

  /** A line for each row below a heading, and one for each of its parts if it has some. */
  void print(JsonObject headings) {
    for (Map.Entry<String, JsonElement> heading : headings.entrySet()) {
      if (!heading.getValue().isJsonObject()) {
        line.accept("  " + heading.getKey() + ": " + words(heading.getValue()));
        continue;
      }
      for (Map.Entry<String, JsonElement> row : heading.getValue().getAsJsonObject().entrySet()) {
        row(heading.getKey() + ": " + row.getKey(), row.getValue());
      }
    }
  }

  private void row(String name, JsonElement value) {
    if (value.isJsonObject()) {
      line.accept("  " + name);
      value
          .getAsJsonObject()
          .entrySet()
          .forEach(part -> line.accept("    " + part.getKey() + ": " + words(part.getValue())));
    } else if (value.isJsonArray() && hasParts(value)) {
      line.accept("  " + name);
      value.getAsJsonArray().forEach(each -> line.accept("    " + words(each)));
    } else {
      line.accept("  " + name + ": " + words(value));
    }
  }

  private static boolean hasParts(JsonElement rows) {
    for (JsonElement each : rows.getAsJsonArray()) {
      if (!each.isJsonPrimitive()) {
        return true;
      }
    }
    return false;
  }

  /** On one line: {@code name value, name value}; none for nothing. */
  static String words(JsonElement value) {
    StringJoiner words = new StringJoiner(", ");
    words.setEmptyValue("none");
    if (value.isJsonPrimitive()) {
      words.add(value.getAsString());
    } else if (value.isJsonArray()) {
      value.getAsJsonArray().forEach(each -> words.add(words(each)));
    } else if (value.isJsonObject()) {
      value
          .getAsJsonObject()
          .entrySet()
          .forEach(each -> words.add(each.getKey() + " " + words(each.getValue())));
    }
    return words.toString();
  }
}
