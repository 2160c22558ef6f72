package io.meshagent.core.registry.format;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.StringJoiner;

/**
 * JSON as Go's encoder writes it (no spaces, {@code <}, {@code >} and {@code &} escaped) and, for
 * reading, strictly by the standard, as Go's decoder does. Stateless.
 */
final class GoJson {

  private static final TypeAdapter<JsonElement> ANY = new Gson().getAdapter(JsonElement.class);

  private GoJson() {}

  static String string(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    string(out, text);
    return out.toString();
  }

  static void string(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c == '\r') {
        out.append("\\r");
      } else if (c == '\t') {
        out.append("\\t");
      } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
        escape(out, c);
      } else if (Character.isSurrogate(c) && !isPaired(text, i)) {
        escape(out, '\ufffd');
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private static boolean isPaired(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  private static void escape(StringBuilder out, char c) {
    out.append("\\u");
    String hex = Integer.toHexString(c);
    for (int i = hex.length(); i < 4; i++) {
      out.append('0');
    }
    out.append(hex);
  }

  /**
   * @param members JSON by name, in the order in which they are to be written
   */
  static String object(Map<String, String> members) {
    StringJoiner out = new StringJoiner(",", "{", "}");
    members.forEach((name, json) -> out.add(string(name) + ":" + json));
    return out.toString();
  }

  /** Null if the text is not exactly one JSON object. */
  static JsonObject parseObject(String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement json = ANY.read(reader);
      boolean whole = reader.peek() == JsonToken.END_DOCUMENT;
      return whole && json.isJsonObject() ? json.getAsJsonObject() : null;
    } catch (IOException | JsonParseException | IllegalStateException e) {
      return null;
    }
  }
}
