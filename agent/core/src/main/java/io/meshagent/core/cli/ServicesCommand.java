package io.meshagent.core.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.cli.table.Command;
import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Io;
import io.meshagent.core.cli.table.Misuse;
import io.meshagent.core.config.Drains;
import io.meshagent.core.config.NearNames;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code services}: who hosts what, as the registry has it. */
final class ServicesCommand {

  static final Command COMMAND =
      Command.of("services", "the services in the registry, and who hosts them")
          .mayTake("SERVICE", "only this one")
          .option("--json", "for programs")
          .note("The registry is the one that an agent would use here: etcd.endpoints says it.")
          .does(ServicesCommand::run);

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private ServicesCommand() {}

  private static int run(Given given, Io io) throws Misuse {
    Settings settings = MeshRegistry.settings();
    Map<String, Map<String, Instance>> all;
    String registryName;
    Drains drains;
    try (MeshRegistry registry = new MeshRegistry(settings, change -> {})) {
      String silence = registry.start(settings);
      if (silence != null) {
        io.err().println(silence);
        return Exit.SILENCE;
      }
      all = registry.all();
      registryName = registry.describe();
      drains = StoredDrains.read(settings, io.err());
    }
    String wanted = given.word(0);
    Map<String, Map<String, Instance>> shown = all;
    if (wanted != null) {
      shown =
          all.containsKey(wanted)
              ? Collections.singletonMap(wanted, all.get(wanted))
              : new TreeMap<>();
    }
    if (given.has("--json")) {
      io.out().println(GSON.toJson(json(shown, drains)));
    } else {
      print(shown, drains, io);
      if (wanted == null) {
        StoredDrains.unregistered(drains, all).forEach(io.out()::println);
      }
    }
    if (shown.isEmpty() && !given.has("--json")) {
      List<String> near =
          wanted == null ? Collections.emptyList() : NearNames.to(wanted, all.keySet(), 3);
      io.out()
          .println(
              "No instance "
                  + (wanted == null ? "" : "of " + wanted + " ")
                  + "is registered in "
                  + registryName
                  + (near.isEmpty() ? "." : ". Did you mean " + String.join(" or ", near) + "?"));
    }
    return shown.isEmpty() ? Exit.TROUBLE : 0;
  }

  private static void print(Map<String, Map<String, Instance>> shown, Drains drains, Io io) {
    shown.forEach(
        (service, instances) -> {
          int count = instances.size();
          io.out().println(service + "  " + count + (count == 1 ? " instance" : " instances"));
          Columns columns =
              new Columns("INSTANCE", "APP", "VERSION", "ZONE", "WEIGHT", "SCHEME", "AGENT", "");
          instances
              .values()
              .forEach(
                  each ->
                      columns.add(
                          each.hostPort(),
                          fact(each, Metadata.APPLICATION),
                          fact(each, Metadata.VERSION),
                          fact(each, Metadata.ZONE),
                          fact(each, Metadata.WEIGHT),
                          fact(each, Metadata.SCHEME),
                          each.metadata().getOrDefault(Metadata.AGENT, "none"),
                          standing(each, drains)));
          columns.print("  ", io.out());
        });
  }

  private static String standing(Instance each, Drains drains) {
    String note = drains.note(each.hostPort());
    return note != null ? Printable.of(note) : each.isDraining() ? "draining" : "";
  }

  private static String fact(Instance instance, String name) {
    return instance.metadata().getOrDefault(name, "-");
  }

  private static Map<String, Object> json(Map<String, Map<String, Instance>> all, Drains drains) {
    Map<String, Object> services = new TreeMap<>();
    all.forEach(
        (service, instances) -> {
          List<Map<String, Object>> rows = new ArrayList<>();
          for (Instance each : instances.values()) {
            Map<String, Object> row = row(each);
            Drains.Drain drain = drains.of(each.hostPort());
            row.put("drained", drain != null);
            if (drain != null) {
              row.put("drained since", drain.since());
              row.put("drained by", drain.by());
            }
            rows.add(row);
          }
          services.put(service, rows);
        });
    return services;
  }

  static Map<String, Object> row(Instance instance) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("instance", instance.hostPort());
    row.putAll(instance.metadata());
    row.put("draining", instance.isDraining());
    return row;
  }
}
