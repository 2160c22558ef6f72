package io.meshagent.core.console;

import io.meshagent.bootstrap.MeshAgent;
import io.meshagent.core.admin.AdminServer;
import io.meshagent.core.config.ConfigLoader;
import io.meshagent.core.config.PlaintextPassword;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.console.mesh.MeshMirror;
import io.meshagent.core.console.mesh.MeshViews;
import io.meshagent.core.policy.Policies;
import io.meshagent.core.registry.etcd.StoredDocuments;
import io.meshagent.core.registry.etcd.access.ConfiguredEtcd;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Paths;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/**
 * {@code console}: serves one page for the whole mesh on loopback, until the process is ended.
 * Finds etcd as the agent does, or where it is told. Exit status 1 if it can't, 2 for wrong use.
 */
public final class ConsoleCommand {

  public static final String USAGE =
      "console [--etcd URL[,URL…]] [--port PORT] [--token-file FILE]   a page for the whole mesh";

  /** A neighbour of the admin page's, and nobody's either. */
  private static final int PORT = 26465;

  private static final String HOST = "127.0.0.1";

  private final PrintStream out;
  private String etcd = "";
  private int port = PORT;
  private String tokenFile = "";

  private ConsoleCommand(PrintStream out) {
    this.out = out;
  }

  /** Returns when the process is to end. */
  public static int run(List<String> args, PrintStream out) {
    ConsoleCommand command = new ConsoleCommand(out);
    return command.read(args) ? command.run() : command.usage();
  }

  private int usage() {
    out.println("usage: java -jar mesh-agent.jar " + USAGE);
    return 2;
  }

  private boolean read(List<String> args) {
    if (args.size() % 2 != 0) {
      return false;
    }
    for (int i = 0; i < args.size(); i += 2) {
      String value = args.get(i + 1);
      switch (args.get(i)) {
        case "--etcd":
          etcd = value;
          break;
        case "--port":
          if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
            return false;
          }
          port = Integer.parseInt(value);
          break;
        case "--token-file":
          tokenFile = value;
          break;
        default:
          return false;
      }
    }
    return true;
  }

  private int run() {
    Settings settings = settings();
    settings.problems().stream()
        .map(Problem::toString)
        .forEach(problem -> out.println("warning: " + problem));
    String plaintext = PlaintextPassword.problem(settings);
    if (plaintext != null) {
      return say(plaintext + ".");
    }
    if (settings.get(RegistryKeys.ETCD_ENDPOINTS).isEmpty()) {
      return say(
          "There is nothing to look at: name an etcd by --etcd http://host:port, or set"
              + " etcd.endpoints as for the agent.");
    }
    ConsoleToken token;
    try {
      token =
          tokenFile.isEmpty() ? ConsoleToken.temporary() : ConsoleToken.of(Paths.get(tokenFile));
    } catch (InvalidPathException e) {
      return say("--token-file " + tokenFile + " is no path of a file.");
    } catch (IOException e) {
      return say("There is no token, so nobody could change anything: " + e.getMessage() + ".");
    }
    return serve(settings, token);
  }

  private Settings settings() {
    Properties system = new Properties();
    system.putAll(System.getProperties());
    if (!etcd.isEmpty()) {
      system.setProperty("mesh." + RegistryKeys.ETCD_ENDPOINTS.name(), etcd);
    }
    try {
      return ConfigLoader.load(
          Policies.keys(), null, MeshAgent.jarFile().toPath(), System.getenv(), system);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** That it does not begin. */
  private int say(String sentence) {
    out.println(sentence);
    return 1;
  }

  private int serve(Settings settings, ConsoleToken token) {
    String prefix = settings.get(RegistryKeys.DOCUMENTS_PREFIX);
    EtcdSettings where = ConfiguredEtcd.of(settings).withDocuments(prefix);
    String shown = String.join(", ", where.endpoints());
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("etcd", shown);
    about.put("token file", token.file().toString());
    try (MeshMirror mesh = new MeshMirror(where);
        DocumentDesk desk = new DocumentDesk(new StoredDocuments(where, where.documents()))) {
      ConsolePages pages = new ConsolePages(new MeshViews(mesh), desk, token, about);
      AdminServer server = new AdminServer(HOST, port, pages.pages(), pages.actions());
      try {
        OptionalInt bound = server.start();
        if (!bound.isPresent()) {
          return say("No port could be bound for the page.");
        }
        mesh.start();
        out.println(
            "The mesh of " + shown + " is at http://" + HOST + ":" + bound.getAsInt() + "/");
        out.println("Who wants to change something needs the token in " + token.file());
        out.flush();
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        server.close();
      }
    }
    return 0;
  }
}
