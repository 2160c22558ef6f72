package io.meshagent.core.admin;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The facts of the moment, as JSON for programs and as a page for people. The map holds maps,
 * lists, strings, numbers and booleans; what stands at its top level becomes a heading, so a new
 * fact shows up by being put there. Called on admin threads; keeps nothing.
 */
final class MeshPage {

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .serializeNulls()
          .serializeSpecialFloatingPointValues()
          .create();

  private final Supplier<Map<String, Object>> facts;

  MeshPage(Supplier<Map<String, Object>> facts) {
    this.facts = facts;
  }

  PageReply json() {
    return PageReply.of(200, "application/json; charset=utf-8", GSON.toJson(facts.get()) + "\n");
  }

  PageReply html() {
    return PageReply.of(200, "text/html; charset=utf-8", new MeshHtml().page(facts.get()));
  }
}
