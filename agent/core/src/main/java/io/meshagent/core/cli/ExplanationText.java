package io.meshagent.core.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.meshagent.core.log.Printable;
import java.io.PrintStream;
import java.util.Map;
import java.util.StringJoiner;

/** Prints what an agent explains: the causes first. For one thread. */
final class ExplanationText {

  private final PrintStream out;

  ExplanationText(PrintStream out) {
    this.out = out;
  }

  void print(JsonObject said) {
    String application = text(said, "application");
    line(
        text(said, "method")
            + ", as "
            + (application.isEmpty() ? "this program" : application)
            + " "
            + text(said, "does")
            + " it (governance "
            + text(said, "governance")
            + ", "
            + text(said, "governance from")
            + ")");
    if (said.getAsJsonArray("causes").size() == 0) {
      line("Nothing speaks against its calls.");
    }
    for (JsonElement each : said.getAsJsonArray("causes")) {
      line("! " + text(each.getAsJsonObject(), "cause"));
    }
    for (JsonElement each : said.getAsJsonArray("remarks")) {
      line("- " + each.getAsString());
    }
    if (said.has("channels")) {
      client(said);
    }
    if (said.has("server")) {
      new ServedText(this).print(said.getAsJsonObject("server"), text(said, "governance"));
    }
  }

  private void client(JsonObject said) {
    for (JsonElement each : said.getAsJsonArray("channels")) {
      channel(each.getAsJsonObject());
    }
    if (said.getAsJsonArray("channels").size() == 0) {
      heading("Channels");
      line("  This program has none that is in use.");
    }
    settings("Settings that count", said);
    facts("Policies", said.getAsJsonObject("policies"));
  }

  private void channel(JsonObject channel) {
    String speaks = text(channel, "speaks");
    heading(
        "Over the channel to " + text(channel, "target") + (speaks.isEmpty() ? "" : ", " + speaks));
    if (text(channel, "policies").equals("none")) {
      line("  no policy applies to its calls");
    }
    if (!channel.has("ways") || !text(channel, "calls go to").equals("instances")) {
      String because = text(channel, "because");
      line(
          "  calls go to "
              + text(channel, "calls go to")
              + (because.isEmpty() ? "" : ": " + because));
    }
    if (channel.has("ways")) {
      channel.getAsJsonArray("ways").forEach(each -> way(each.getAsJsonObject()));
    }
  }

  private void way(JsonObject way) {
    String rule = text(way, "rule");
    if (!rule.isEmpty() || !text(way, "for").equals("this call")) {
      line("  " + text(way, "for") + (rule.isEmpty() ? ", by no rule" : ", by the rule " + rule));
    }
    if (!text(way, "refused").isEmpty()) {
      line("  fails: " + text(way, "refused"));
    }
    boolean any = way.getAsJsonArray("instances").size() > 0;
    line(any ? "  may go to (" + text(way, "spread by") + "):" : "  may go to no instance");
    for (JsonElement each : way.getAsJsonArray("instances")) {
      line("    " + text(each.getAsJsonObject(), "instance") + rest(each.getAsJsonObject()));
    }
    if (way.getAsJsonArray("left out").size() > 0) {
      line("  left out:");
    }
    for (JsonElement each : way.getAsJsonArray("left out")) {
      JsonObject row = each.getAsJsonObject();
      line("    " + text(row, "instance") + " " + text(row, "because"));
    }
    for (Map.Entry<String, JsonElement> each : way.getAsJsonObject("more").entrySet()) {
      line("    and " + each.getValue().getAsString() + " more: " + each.getKey());
    }
  }

  private static String rest(JsonObject row) {
    StringJoiner rest = new StringJoiner(", ");
    for (Map.Entry<String, JsonElement> each : row.entrySet()) {
      if (!each.getKey().equals("instance") && !each.getKey().equals("remark")) {
        rest.add(each.getKey() + " " + each.getValue().getAsString());
      }
    }
    String remark = text(row, "remark");
    return "  " + rest + (remark.isEmpty() ? "" : "; " + remark);
  }

  void settings(String title, JsonObject half) {
    heading(title);
    for (JsonElement each : half.getAsJsonArray("settings")) {
      JsonObject row = each.getAsJsonObject();
      line("  " + setting(row));
      for (JsonElement beaten : row.getAsJsonArray("beats")) {
        line("    rather than " + setting(beaten.getAsJsonObject()));
      }
    }
    boolean any = half.getAsJsonArray("settings").size() > 0;
    line(
        (any ? "  and " : "  none but ")
            + half.getAsJsonObject("defaults").size()
            + " defaults (--json names them)");
  }

  static String setting(JsonObject row) {
    return text(row, "setting") + "=" + text(row, "value") + "  (" + text(row, "from") + ")";
  }

  void facts(String title, JsonObject facts) {
    if (facts.entrySet().isEmpty()) {
      return;
    }
    heading(title);
    new FactsText(this::line).print(facts);
  }

  void heading(String title) {
    out.println();
    line(title);
  }

  void line(String line) {
    out.println(Printable.of(line));
  }

  /** Empty for none. */
  static String text(JsonObject of, String name) {
    JsonElement value = of.get(name);
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }
}
