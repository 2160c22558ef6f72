package io.meshagent.core.cli;

import com.google.gson.Gson;
import io.meshagent.core.api.Instance;
import io.meshagent.core.cli.table.Command;
import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Io;
import io.meshagent.core.cli.table.Misuse;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Printable;
import io.meshagent.core.registry.ServiceChange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** {@code watch}: a line whenever an instance comes, goes or changes. */
final class WatchCommand {

  static final Command COMMAND =
      Command.of("watch", "a line whenever an instance comes, goes or changes")
          .mayTake("SERVICE", "only of this one")
          .option("--for", "TIME", "ends after that, as 30s or 5m; else ^C does")
          .option("--json", "one object a line, for programs")
          .does(WatchCommand::run);

  private static final Gson GSON = new Gson();

  private final Given given;
  private final Io io;
  private MeshRegistry registry;

  private WatchCommand(Given given, Io io) {
    this.given = given;
    this.io = io;
  }

  private static int run(Given given, Io io) throws Misuse {
    return new WatchCommand(given, io).run();
  }

  private int run() throws Misuse {
    long millis = Durations.millis(given.option("--for"), Long.MAX_VALUE);
    Settings settings = MeshRegistry.settings();
    try (MeshRegistry opened = new MeshRegistry(settings, this::tell)) {
      registry = opened;
      String silence = registry.start(settings);
      if (silence != null) {
        io.err().println(silence);
        return Exit.SILENCE;
      }
      if (!given.has("--json")) {
        io.out().println("watches " + registry.describe());
      }
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  /** On the registry's thread. */
  private void tell(ServiceChange change) {
    String wanted = given.word(0);
    if (wanted != null && !wanted.equals(change.service())) {
      return;
    }
    change
        .gone()
        .forEach(
            place -> {
              Instance before = registry.before(change.service(), place);
              if (before != null) {
                line("-", "goes", change.service(), before, "");
              }
            });
    for (Instance each : change.present()) {
      Instance before = registry.before(change.service(), each.hostPort());
      if (before == null) {
        line("+", "comes", change.service(), each, facts(each));
      } else {
        line("~", "changes", change.service(), each, difference(before, each));
      }
    }
  }

  private void line(String sign, String what, String service, Instance instance, String rest) {
    String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    if (given.has("--json")) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("at", now);
      row.put("what", what);
      row.put("service", service);
      row.putAll(ServicesCommand.row(instance));
      io.out().println(GSON.toJson(row));
    } else {
      io.out()
          .println(
              Printable.of(now + " " + sign + " " + service + " " + instance + " " + rest).trim());
    }
    io.out().flush();
  }

  private static String facts(Instance instance) {
    StringBuilder facts = new StringBuilder();
    instance.metadata().forEach((name, value) -> facts.append(name + "=" + value + " "));
    return facts.toString();
  }

  private static String difference(Instance before, Instance now) {
    Map<String, String> was = new TreeMap<>(before.metadata());
    StringBuilder difference = new StringBuilder();
    TreeSet<String> names = new TreeSet<>(was.keySet());
    names.addAll(now.metadata().keySet());
    for (String name : names) {
      String is = now.metadata().get(name);
      if (!Objects.equals(was.get(name), is)) {
        difference.append(name + "=" + (is == null ? "" : is) + " ");
      }
    }
    return difference.toString();
  }
}
