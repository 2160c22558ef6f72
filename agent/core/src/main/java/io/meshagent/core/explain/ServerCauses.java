package io.meshagent.core.explain;

import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds why calls may not come to the servers of this program. For one thread. */
final class ServerCauses {

  private final String service;
  private final Settings settings;
  private final String registration;
  private final Causes causes;
  private final List<String> remarks;

  /**
   * @param registration what is wrong with this program's entries, a whole sentence; null for
   *     nothing
   */
  ServerCauses(
      String service, Settings settings, String registration, Causes causes, List<String> remarks) {
    this.service = service;
    this.settings = settings;
    this.registration = registration;
    this.causes = causes;
    this.remarks = remarks;
  }

  /** Each as JSON has it. */
  List<Map<String, Object>> tell(List<ExplainedServer> servers) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ExplainedServer server : servers) {
      String drained =
          server.place() == null ? null : settings.get(RegistryKeys.DRAINS).note(server.place());
      if (drained != null) {
        causes.add(
            "drained",
            server.place() + ", which is this program, is " + drained + ": it gets no new calls.");
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("listens on", server.listens());
      row.put("speaks", server.scheme());
      row.put("policies", server.isGoverned() ? "all" : "none");
      row.put("registered as", server.place());
      row.put("state", standing(server));
      row.put("drained", drained);
      rows.add(row);
    }
    if (registration != null && settings.get(RegistryKeys.REGISTER_ENABLED)) {
      causes.add("not-registered", registration);
    }
    return rows;
  }

  /** In a word or more; tells of what is to be told of it. */
  private String standing(ExplainedServer server) {
    if (server.isStopping()) {
      causes.add("no-server", sentence(server, "shuts down, or has"));
      return "shuts down";
    }
    if (!server.isGoverned()) {
      remarks.add(sentence(server, "can't be reached by network: no policy applies to its calls"));
      return "not registered";
    }
    if (!settings.get(RegistryKeys.REGISTER_ENABLED)) {
      remarks.add(notRegistered(server, "register.enabled=false"));
      return "not registered";
    }
    if (settings.get(RegistryKeys.REGISTER_EXCLUDE).matches(service)) {
      remarks.add(notRegistered(server, "register.exclude names it"));
      return "not registered";
    }
    if (server.state() == null) {
      return missing(
          server, "where it can be reached, or what it hosts, is not known yet; the log says more");
    }
    switch (server.state()) {
      case "published":
        return "registered";
      case "held":
        return missing(server, "its health service has not said yet that it is serving");
      default:
        return missing(
            server,
            "its health service says that it is not serving (register.health), or it leaves");
    }
  }

  private String missing(ExplainedServer server, String because) {
    causes.add("not-registered", notRegistered(server, because));
    return "not registered";
  }

  private String notRegistered(ExplainedServer server, String because) {
    return sentence(server, "is not registered for " + service + ": " + because);
  }

  private static String sentence(ExplainedServer server, String rest) {
    String name = server.toString();
    return Character.toUpperCase(name.charAt(0)) + name.substring(1) + " " + rest + ".";
  }
}
