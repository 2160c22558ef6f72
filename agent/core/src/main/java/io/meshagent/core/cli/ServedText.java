package io.meshagent.core.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.StringJoiner;

/** Prints what an agent explains of calls that its program serves. For one thread. */
final class ServedText {

  private final ExplanationText out;

  ServedText(ExplanationText out) {
    this.out = out;
  }

  /**
   * @param governance the word that is in force
   */
  void print(JsonObject served, String governance) {
    out.heading("Served here");
    for (JsonElement each : served.getAsJsonArray("servers")) {
      server(each.getAsJsonObject());
    }
    if (served.getAsJsonArray("servers").size() == 0) {
      out.line("  by no server that runs now");
    }
    served.getAsJsonObject("calls").entrySet().forEach(this::calls);
    decisions(served, governance.equals("on"));
    if (served.has("observed")) {
      out.line("  would have been done to calls: " + FactsText.words(served.get("observed")));
    }
    out.settings("Settings of the server that count", served);
    out.facts("Policies of the server", served.getAsJsonObject("policies"));
  }

  private void decisions(JsonObject served, boolean governed) {
    out.heading("What becomes of such a call, policy by policy");
    for (JsonElement each : served.getAsJsonArray("decisions")) {
      JsonObject row = each.getAsJsonObject();
      out.line("  " + text(row, "policy") + " " + text(row, "says"));
      out.line("    by " + ExplanationText.setting(row));
    }
    String decider = text(served, "decided by");
    if (served.getAsJsonArray("decisions").size() == 0) {
      out.line("  none has a part in it");
    } else if (decider.isEmpty()) {
      out.line("  so none of them stops it for certain");
    } else {
      out.line(
          "  so "
              + decider
              + (governed ? " stops it" : " would stop it, were it governed")
              + ", before those that come after it");
    }
  }

  private void server(JsonObject server) {
    StringJoiner listens = new StringJoiner(", ");
    server.getAsJsonArray("listens on").forEach(each -> listens.add(each.getAsString()));
    String place = text(server, "registered as");
    String speaks = text(server, "speaks");
    String drained = text(server, "drained");
    out.line(
        "  on "
            + listens
            + (speaks.isEmpty() ? "" : " (" + speaks + ")")
            + ": "
            + text(server, "state")
            + (place.isEmpty() ? "" : " as " + place)
            + (drained.isEmpty() ? "" : ", " + drained)
            + (text(server, "policies").equals("none") ? ", no policy applies" : ""));
  }

  private void calls(Map.Entry<String, JsonElement> method) {
    JsonObject counts = method.getValue().getAsJsonObject();
    StringJoiner refused = new StringJoiner(", ");
    counts
        .getAsJsonObject("refused")
        .entrySet()
        .forEach(each -> refused.add(each.getValue().getAsString() + " by " + each.getKey()));
    out.line(
        "  "
            + method.getKey()
            + ": "
            + text(counts, "begun")
            + " calls since the start, "
            + text(counts, "under way")
            + " under way, refused "
            + (refused.length() == 0 ? "none" : refused));
  }

  private static String text(JsonObject of, String name) {
    return ExplanationText.text(of, name);
  }
}
