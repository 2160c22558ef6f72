package io.meshagent.core.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.cli.table.Command;
import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Io;
import io.meshagent.core.config.Settings;
import io.meshagent.core.rules.AgentReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code agents}: the programs that carry the agent: by what they report beside the documents, and
 * where an application reports nothing, since there are no documents or it follows none, by what
 * its instances say.
 */
final class AgentsCommand {

  static final Command COMMAND =
      Command.of("agents", "the programs that carry the agent, and which documents they run")
          .option("--json", "for programs")
          .note("Programs report while there are documents; before, those that host services are")
          .note("shown by what the registry says of them.")
          .note("Exit status 1 if one of them refuses a document.")
          .does(AgentsCommand::run);

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private AgentsCommand() {}

  private static int run(Given given, Io io) {
    Settings settings = MeshRegistry.settings();
    int[] exit = {0};
    int status =
        EtcdAccess.documents(
            settings,
            io.err(),
            stored -> {
              List<AgentReport> reports = new ArrayList<>();
              stored
                  .reports()
                  .forEach(
                      (id, text) -> {
                        AgentReport report = AgentReport.of(id, text);
                        if (report != null) {
                          reports.add(report);
                        }
                      });
              exit[0] = show(reports, hosts(settings, reports), given, io);
              return 0;
            });
    return status == 0 ? exit[0] : Exit.SILENCE;
  }

  /** By application and host, those that no report is of. */
  private static Map<String, Instance> hosts(Settings settings, List<AgentReport> reports) {
    Set<String> told = new HashSet<>();
    reports.forEach(report -> told.add(report.app()));
    Map<String, Instance> hosts = new TreeMap<>();
    try (MeshRegistry registry = new MeshRegistry(settings, change -> {})) {
      if (registry.start(settings) == null) {
        for (Map<String, Instance> instances : registry.all().values()) {
          for (Instance each : instances.values()) {
            String app = each.metadata().getOrDefault(Metadata.APPLICATION, "");
            if (each.metadata().containsKey(Metadata.AGENT) && !told.contains(app)) {
              hosts.put(app + " " + each.hostPort(), each);
            }
          }
        }
      }
    }
    return hosts;
  }

  private static int show(
      List<AgentReport> reports, Map<String, Instance> hosts, Given given, Io io) {
    boolean refused = false;
    List<Map<String, Object>> rows = new ArrayList<>();
    Columns columns = new Columns("APP", "VERSION", "HOST", "AGENT", "ID", "DOCUMENTS");
    for (AgentReport each : reports) {
      refused |= each.refuses();
      rows.add(each.facts());
      columns.add(each.app(), each.version(), each.host(), each.agent(), each.id(), each.summary());
    }
    for (Instance each : hosts.values()) {
      Map<String, String> facts = each.metadata();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("app", facts.get(Metadata.APPLICATION));
      row.put("version", facts.get(Metadata.VERSION));
      row.put("host", each.host());
      row.put("agent", facts.get(Metadata.AGENT));
      row.put("instance", each.hostPort());
      rows.add(row);
      columns.add(
          facts.get(Metadata.APPLICATION),
          facts.get(Metadata.VERSION),
          each.host(),
          facts.get(Metadata.AGENT),
          each.hostPort(),
          "reports none");
    }
    if (given.has("--json")) {
      io.out().println(GSON.toJson(rows));
    } else if (rows.isEmpty()) {
      io.out().println("No program that carries the agent is there.");
    } else {
      columns.print("", io.out());
      for (AgentReport each : reports) {
        each.refusals().forEach(line -> io.out().println("! " + line));
      }
    }
    return refused ? Exit.TROUBLE : 0;
  }
}
