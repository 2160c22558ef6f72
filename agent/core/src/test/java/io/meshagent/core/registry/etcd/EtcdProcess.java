package io.meshagent.core.registry.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An etcd of this test, on ports and in a directory of its own. */
public final class EtcdProcess implements AutoCloseable {

  private static final Tool ETCD = new Tool("etcd", "ETCD", "etcd-server");
  private static final Tool ETCDCTL = new Tool("etcdctl", "ETCDCTL", "etcd-client");

  private final int port = Ports.free();
  private final int peerPort = Ports.free();
  private Path data;
  private Process process;

  public EtcdProcess(Path data) {
    this.data = data;
  }

  public int port() {
    return port;
  }

  /** Starts it, on the data that it left if it ran before, and waits until it answers. */
  public EtcdProcess start() throws Exception {
    String client = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + peerPort;
    Path log = data.resolveSibling(data.getFileName() + ".log");
    String[] flags = {
      // Alone, it leads as soon as it has waited for nobody to object.
      "--heartbeat-interval=20 --election-timeout=200",
      "--name=test --log-level=error --unsafe-no-fsync --initial-cluster=test=" + peer,
      "--listen-client-urls=" + client + " --advertise-client-urls=" + client,
      "--listen-peer-urls=" + peer + " --initial-advertise-peer-urls=" + peer,
    };
    List<String> command = new ArrayList<>(List.of(ETCD.path().toString(), "--data-dir=" + data));
    command.addAll(Arrays.asList(String.join(" ", flags).split(" ")));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    for (int tries = 0; !answers(); tries++) {
      if (tries == 200 || process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("etcd did not start: " + Files.readString(log));
      }
    }
    return this;
  }

  private boolean answers() throws IOException {
    String said = ctl("endpoint", "health");
    // The latter is the answer of one that asks for a user.
    return said.contains("is healthy") || said.contains("user name is empty");
  }

  /** Ends it without a chance to say goodbye. */
  public void kill() {
    process = process.destroyForcibly().onExit().join();
  }

  /** Forgets all its data; only while it does not run. */
  public void wipe() {
    data = data.resolveSibling(data.getFileName() + "-again");
  }

  /** What etcdctl prints. */
  public String ctl(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(ETCDCTL.path().toString(), "--endpoints=:" + port));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder ctl = new ProcessBuilder(command).redirectErrorStream(true);
    ctl.environment().put("ETCDCTL_API", "3");
    return new String(ctl.start().getInputStream().readAllBytes(), UTF_8);
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }
}
