package io.meshagent.core.policy.fallback;

import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.meshagent.core.call.ResponseForm;
import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.io.IOException;
import java.io.StringReader;

/**
 * What stands in for a failure: {@code default}, {@code last}, {@code json:{…}}, {@code text:…}, or
 * nothing. Immutable.
 */
final class FallbackRule {

  enum Kind {
    OFF,
    DEFAULT,
    LAST,
    JSON,
    TEXT
  }

  private static final int LONGEST = 8_192;
  private static final String JSON = "json:";
  private static final String TEXT = "text:";

  final Kind kind;

  /** Empty but for {@link Kind#JSON} and {@link Kind#TEXT}. */
  private final String text;

  private FallbackRule(Kind kind, String text) {
    this.kind = kind;
    this.text = text;
  }

  static Type<FallbackRule> type() {
    return Types.simple(
        "response",
        "off, default, last, json:{…}, text:…",
        FallbackRule::parse,
        FallbackRule::toString);
  }

  private static Parsed<FallbackRule> parse(String text) {
    if (text.length() > LONGEST) {
      return Parsed.problem("is longer than " + LONGEST + " characters");
    }
    if (text.startsWith(JSON)) {
      String json = text.substring(JSON.length()).trim();
      String problem = problem(json);
      return problem == null
          ? Parsed.value(new FallbackRule(Kind.JSON, json))
          : Parsed.problem(problem);
    }
    if (text.startsWith(TEXT)) {
      return Parsed.value(new FallbackRule(Kind.TEXT, text.substring(TEXT.length()).trim()));
    }
    switch (text) {
      case "off":
        return Parsed.value(new FallbackRule(Kind.OFF, ""));
      case "default":
        return Parsed.value(new FallbackRule(Kind.DEFAULT, ""));
      case "last":
        return Parsed.value(new FallbackRule(Kind.LAST, ""));
      default:
        return Parsed.problem("is neither off, default, last, json:{…} nor text:…");
    }
  }

  /** What is wrong with a text that should be one object of JSON; null for nothing. */
  private static String problem(String json) {
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      if (reader.peek() != JsonToken.BEGIN_OBJECT) {
        return "has no JSON object after json:";
      }
      reader.skipValue();
      return reader.peek() == JsonToken.END_DOCUMENT ? null : "has more after its JSON object";
    } catch (IOException | JsonParseException | IllegalStateException | NumberFormatException e) {
      return "is no JSON: " + e.getMessage();
    }
  }

  boolean isOff() {
    return kind == Kind.OFF;
  }

  /**
   * What the program's protobuf has to read; null for nothing.
   *
   * @param setting where it is written
   */
  ResponseForm form(String setting) {
    switch (kind) {
      case DEFAULT:
        return new ResponseForm(ResponseForm.Kind.DEFAULT, "", setting);
      case JSON:
        return new ResponseForm(ResponseForm.Kind.JSON, text, setting);
      case TEXT:
        return new ResponseForm(ResponseForm.Kind.TEXT, text, setting);
      default:
        return null;
    }
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    switch (kind) {
      case JSON:
        return JSON + text;
      case TEXT:
        return TEXT + text;
      case DEFAULT:
        return "default";
      case LAST:
        return "last";
      default:
        return "off";
    }
  }
}
