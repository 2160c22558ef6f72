package io.meshagent.core.cli;

import io.meshagent.core.api.Instance;
import io.meshagent.core.cli.DocumentWriter.Unwanted;
import io.meshagent.core.cli.table.Command;
import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Io;
import io.meshagent.core.cli.table.Misuse;
import io.meshagent.core.config.DocumentText;
import io.meshagent.core.config.Drains;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.registry.format.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * {@code drain HOST:PORT}: takes one instance out of new calls, and brings it back. Writes the
 * setting {@code drains} of one document, so that neither the instance nor its machine has to be
 * reached.
 */
final class DrainCommand {

  /** The document that it writes. */
  private static final String DOCUMENT = "drains";

  static final Command COMMAND =
      Command.of("drain", "have one instance get no new calls, or bring it back")
          .takes("HOST:PORT", "of the instance, as services shows it")
          .option("--off", "it gets calls again")
          .option("--force", "also the last one of a service, or one that is not registered")
          .option("--by", "NAME", "who says so; this user at this machine if not said")
          .option("--etcd", "URL[,URL…]", "where etcd is, instead of what the configuration says")
          .note("Writes drains into the document " + DOCUMENT + ".")
          .note("Calls under way end as they would.")
          .note("Exit status as of policies set: 3 if no program that is there runs it yet.")
          .does(DrainCommand::run);

  private final String place;
  private final Given given;
  private final Io io;
  private final Settings settings;

  private DrainCommand(String place, Given given, Io io) throws Misuse {
    this.place = place;
    this.given = given;
    this.io = io;
    this.settings = MeshRegistry.settings(EtcdAccess.endpoints(given));
  }

  private static int run(Given given, Io io) throws Misuse {
    HostPort parsed = HostPort.parse(given.word(0));
    if (parsed == null) {
      throw new Misuse(given.word(0) + " is not HOST:PORT.");
    }
    String place = Instance.hostPort(parsed.host(), parsed.port());
    DrainCommand command = new DrainCommand(place, given, io);
    return given.has("--off") ? command.bringBack() : command.drain();
  }

  private DocumentWriter documents() {
    return new DocumentWriter(settings, io.out());
  }

  private int bringBack() {
    return documents()
        .change(
            DOCUMENT,
            before -> {
              Drains drains = drains(before);
              if (drains.of(place) == null) {
                boolean byAnother = StoredDrains.read(settings, io.err()).of(place) != null;
                throw new Unwanted(
                    Exit.TROUBLE,
                    byAnother
                        ? place
                            + " is drained by another document (policies list): take it out there."
                        : place + " is not drained.");
              }
              return text(before, drains.without(place));
            });
  }

  private int drain() {
    if (settings.get(RegistryKeys.ETCD_ENDPOINTS).isEmpty()) {
      // Says what is missing.
      return documents().change(DOCUMENT, before -> before);
    }
    Map<String, Map<String, Instance>> all;
    try (MeshRegistry registry = new MeshRegistry(settings, change -> {})) {
      String silence = registry.start(settings);
      if (silence != null) {
        io.err().println(silence);
        return Exit.SILENCE;
      }
      all = registry.all();
    }
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Drains.Drain drain = new Drains.Drain(place, now, who());
    int status =
        documents()
            .change(
                DOCUMENT,
                before -> {
                  Drains drains = drains(before);
                  if (drains.of(place) != null) {
                    throw new Unwanted(0, place + " is " + drains.note(place) + " already.");
                  }
                  refuse(all, drains, StoredDrains.read(settings, io.err()));
                  return text(before, drains.with(drain));
                });
    if (status != Exit.TROUBLE) {
      io.out().println("drain " + place + " --off brings it back.");
    }
    return status;
  }

  /** Unless it is forced. */
  private void refuse(Map<String, Map<String, Instance>> all, Drains here, Drains everywhere)
      throws Unwanted {
    if (given.has("--force")) {
      return;
    }
    boolean registered = false;
    List<String> last = new ArrayList<>();
    for (Map.Entry<String, Map<String, Instance>> service : all.entrySet()) {
      if (service.getValue().containsKey(place)) {
        registered = true;
        boolean others =
            service.getValue().values().stream()
                .anyMatch(
                    each ->
                        !each.hostPort().equals(place)
                            && each.isWilling()
                            && here.of(each.hostPort()) == null
                            && everywhere.of(each.hostPort()) == null);
        if (!others) {
          last.add(service.getKey());
        }
      }
    }
    if (!registered) {
      throw new Unwanted(
          Exit.TROUBLE,
          "No instance "
              + place
              + " is registered, so nothing was written; services lists those that are, --force"
              + " drains it for when it comes.");
    }
    if (!last.isEmpty()) {
      throw new Unwanted(
          Exit.TROUBLE,
          place
              + " is the last instance that wants calls of "
              + String.join(", ", last)
              + ", so nothing was written: clients use a drained one rather than none. --force"
              + " drains it all the same.");
    }
  }

  private static Drains drains(String text) {
    Drains drains = Drains.inDocument(text);
    return drains == null ? Drains.NONE : drains;
  }

  private static String text(String before, Drains drains) {
    String value = drains.isEmpty() ? null : drains.toString();
    String text =
        DocumentText.with(before, Collections.singletonMap(RegistryKeys.DRAINS.name(), value));
    return DocumentText.isEmpty(text) ? null : text;
  }

  private String who() {
    if (given.option("--by") != null) {
      return given.option("--by");
    }
    String user = System.getProperty("user.name", "somebody");
    try {
      return user + "@" + InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return user;
    }
  }
}
