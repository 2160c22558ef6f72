package io.meshagent.core.console.mesh;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.function.Function;

/** Reads JSON that anybody may have written. Stateless. */
final class Facts {

  private Facts() {}

  /** What a text of JSON means; null if it is not what it should be. */
  static <T> T read(String text, Function<JsonObject, T> reading) {
    try {
      return reading.apply(JsonParser.parseString(text).getAsJsonObject());
    } catch (RuntimeException e) {
      // Of the many ways in which a text can be another one than expected each has its own.
      return null;
    }
  }

  /** Empty if there is none. */
  static String text(JsonObject of, String name) {
    JsonElement value = of.get(name);
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }
}
