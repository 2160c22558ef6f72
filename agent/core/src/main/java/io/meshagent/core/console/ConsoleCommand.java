package io.meshagent.core.console;

import io.meshagent.bootstrap.MeshAgent;
import io.meshagent.core.admin.AccessToken;
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
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/**
 * {@code console}: serves one page for the whole mesh on loopback, until the process is ended.
 * Finds etcd as the agent does, or where it is told. Exit status 1 if it can't.
 */
public final class ConsoleCommand {

  /** A neighbour of the admin page's, and nobody's either. */
  public static final int PORT = 26465;

  private static final String HOST = "127.0.0.1";

  private final String etcd;
  private final int port;

  /** Whether somebody asked for just this port. */
  private final boolean wanted;

  private final String tokenFile;
  private final PrintStream out;

  private ConsoleCommand(String etcd, int port, String tokenFile, PrintStream out) {
    this.etcd = etcd;
    this.wanted = port > 0;
    this.port = port < 0 ? PORT : port;
    this.tokenFile = tokenFile;
    this.out = out;
  }

  /**
   * Returns when the process is to end.
   *
   * @param etcd null for what the configuration says
   * @param port 0 for any; below 0 for {@link #PORT}, or any if that is taken
   * @param tokenFile null for one that lasts as long as this
   * @return the exit status
   */
  public static int run(String etcd, int port, String tokenFile, PrintStream out) {
    return new ConsoleCommand(etcd, port, tokenFile, out).run();
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
    AccessToken token;
    try {
      token = tokenFile == null ? AccessToken.temporary() : AccessToken.of(Paths.get(tokenFile));
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
    if (etcd != null) {
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

  private int serve(Settings settings, AccessToken token) {
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
        if (wanted && bound.getAsInt() != port) {
          return say(
              "The port "
                  + port
                  + " of "
                  + HOST
                  + " is taken; end what listens there, or give another one with --port, or 0 for any.");
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
