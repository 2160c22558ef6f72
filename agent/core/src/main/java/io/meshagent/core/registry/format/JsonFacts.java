package io.meshagent.core.registry.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** Reads what the formats of values have in common. Stateless. */
final class JsonFacts {

  private JsonFacts() {}

  /** Facts by name; what is neither text nor number nor boolean is kept as its JSON. */
  static Map<String, String> flat(JsonElement metadata) {
    Map<String, String> facts = new TreeMap<>();
    if (metadata == null || !metadata.isJsonObject()) {
      return facts;
    }
    metadata
        .getAsJsonObject()
        .entrySet()
        .forEach(
            fact -> {
              if (fact.getKey().equals("labels") && fact.getValue().isJsonObject()) {
                flat(fact.getValue())
                    .forEach((name, label) -> facts.put(InstanceCodec.LABEL + name, label));
              } else if (!fact.getValue().isJsonNull()) {
                facts.put(
                    fact.getKey(),
                    fact.getValue().isJsonPrimitive()
                        ? fact.getValue().getAsString()
                        : fact.getValue().toString());
              }
            });
    return facts;
  }

  /** As Go looks members up: the exact name, else any case. */
  static JsonElement member(JsonObject json, String name) {
    if (json.has(name)) {
      return json.get(name);
    }
    for (Map.Entry<String, JsonElement> member : json.entrySet()) {
      if (member.getKey().equalsIgnoreCase(name)) {
        return member.getValue();
      }
    }
    return null;
  }

  /** Null if it is no text. */
  static String text(JsonElement json) {
    boolean isText = json != null && json.isJsonPrimitive() && json.getAsJsonPrimitive().isString();
    return isText ? json.getAsString() : null;
  }

  static boolean isNumber(JsonElement json) {
    return json.isJsonPrimitive() && json.getAsJsonPrimitive().isNumber();
  }
}
