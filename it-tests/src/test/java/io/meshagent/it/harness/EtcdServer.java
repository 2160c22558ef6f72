package io.meshagent.it.harness;

import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.Tool;
import io.meshagent.it.tools.ring.Costs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real etcd on loopback, on ports of its own that it keeps over {@link #restart}: one node, or a
 * member of an {@link EtcdCluster}. For one thread, but for {@link #shared}.
 */
public final class EtcdServer implements AutoCloseable {

  private static final Tool ETCD = new Tool("etcd", "ETCD", "etcd-server");

  private static EtcdServer shared;

  private final Path data = Places.newDirectory("etcd");
  private final int clientPort;
  private final int peerPort;
  private final List<String> flags;

  /** Where it tells its health without TLS. */
  private final String health;

  /** By this name and address the other members know it, and they are in the cluster with it. */
  private String name = "it";

  private String peerAddress;
  private String cluster;

  /** One that is alone leads as soon as it has waited for nobody to object. */
  private int heartbeatMillis = 20;

  private Process process;
  private Output output;

  private EtcdServer(int clientPort, int peerPort, int healthPort, List<String> flags) {
    this.clientPort = clientPort;
    this.peerPort = peerPort;
    this.flags = flags;
    this.health = isSecured() ? "http://127.0.0.1:" + healthPort : endpoint();
    alone(name, "http://127.0.0.1:" + peerPort, "it=http://127.0.0.1:" + peerPort);
  }

  /**
   * Another member of this one's cluster, which follows and answers no requests. It runs; ended by
   * whoever asked for it.
   */
  public EtcdServer learner() {
    EtcdServer learner = reserved("--initial-cluster-state=existing");
    String peer = "http://127.0.0.1:" + learner.peerPort;
    ctl().run("member", "add", "learner", "--learner", "--peer-urls=" + peer);
    learner.alone("learner", peer, cluster + ",learner=" + peer);
    learner.launch();
    return learner;
  }

  /** Before the first start: what this one is called, where others reach it, and all of them. */
  void member(String newName, String newPeerAddress, String newCluster) {
    alone(newName, newPeerAddress, newCluster);
    // Twice the default: on a busy machine a leader would lose its office for nothing.
    heartbeatMillis = 200;
  }

  private void alone(String newName, String newPeerAddress, String newCluster) {
    name = newName;
    peerAddress = newPeerAddress;
    cluster = newCluster;
  }

  /** One that runs, with further flags of etcd's; {@code --cert-file} makes its endpoint https. */
  public static EtcdServer start(String... flags) {
    EtcdServer etcd = reserved(flags);
    etcd.restart();
    return etcd;
  }

  /**
   * The one that runs as long as this test JVM, for tests that do nothing to etcd itself. Each
   * finds it empty, because a {@link World} on it empties it at its end; a test JVM runs one test
   * at a time.
   */
  public static synchronized EtcdServer shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  /** Nothing is left for the next test, if there is one that uses it. */
  void emptyIfShared() {
    synchronized (EtcdServer.class) {
      if (this == shared) {
        keys().deleteAll();
      }
    }
  }

  /** One that does not run yet; its endpoint is known. */
  public static EtcdServer reserved(String... flags) {
    return new EtcdServer(Ports.free(), Ports.free(), Ports.free(), List.of(flags));
  }

  /** The etcd that is installed here, if there is one. Fetches nothing. */
  public static Optional<Path> installed() {
    return ETCD.present();
  }

  public String endpoint() {
    return (isSecured() ? "https" : "http") + "://127.0.0.1:" + clientPort;
  }

  private boolean isSecured() {
    return flags.stream().anyMatch(flag -> flag.startsWith("--cert-file"));
  }

  /** Its own command line, with flags for every command; for what {@link #keys} may not do. */
  public EtcdCtl ctl(String... ctlFlags) {
    return new EtcdCtl(endpoint(), List.of(ctlFlags));
  }

  /** What it holds, by HTTP. */
  public EtcdKeys keys() {
    return new EtcdKeys(endpoint());
  }

  int clientPort() {
    return clientPort;
  }

  int peerPort() {
    return peerPort;
  }

  long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Starts with the data that there is, and waits until it answers. */
  public void restart() {
    launch();
    awaitHealthy();
  }

  /** Starts with the data that there is. */
  void launch() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("etcd runs already");
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                ETCD.path().toString(),
                "--name=" + name,
                "--data-dir=" + data.resolve("member"),
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=http://127.0.0.1:" + peerPort,
                "--initial-advertise-peer-urls=" + peerAddress,
                "--initial-cluster=" + cluster,
                "--heartbeat-interval=" + heartbeatMillis,
                "--election-timeout=" + 10 * heartbeatMillis,
                // It is killed now and then, the machine is not: what it wrote is there.
                "--unsafe-no-fsync",
                "--logger=zap",
                "--log-level=warn"));
    if (isSecured()) {
      command.add("--listen-metrics-urls=" + health);
    }
    command.addAll(flags);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(key -> key.startsWith("ETCD_"));
    Costs.count("etcd starts");
    try {
      process = Children.keep(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    output = new Output(process.getInputStream(), "etcd-output");
    Evidence.of(this);
  }

  void awaitHealthy() {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!new EtcdKeys(health).isHealthy()) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        throw new AssertionError("etcd did not start:\n" + String.join("\n", output.lines()));
      }
      try {
        // The pace of asking; a process that ended is seen above.
        boolean unused = process.waitFor(20, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while etcd started", e);
      }
    }
  }

  /** SIGTERM; the data stays. */
  public void stop() {
    process.destroy();
    awaitEnd();
  }

  /** SIGKILL; the data stays. */
  public void kill9() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** All data gone, as after a restore of nothing; then it runs again. */
  public void wipe() {
    if (process != null && process.isAlive()) {
      kill9();
    }
    Commands.deleteTree(data.resolve("member"));
    restart();
  }

  /** {@code STOP} and {@code CONT}: it hangs, and goes on. */
  public void signal(String signal) {
    Commands.Result result = Commands.run(data, "kill", "-" + signal, Long.toString(process.pid()));
    if (!result.ok()) {
      throw new AssertionError("kill -" + signal + " of etcd: " + result.tail());
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("etcd did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while etcd ended", e);
    }
  }

  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      kill9();
    }
    Commands.deleteTree(data);
  }
}
