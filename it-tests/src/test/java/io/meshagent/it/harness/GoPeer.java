package io.meshagent.it.harness;

import io.meshagent.it.tools.GoProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A Go program with etcd's own naming package and resolver, as other services of a fleet may be:
 * {@code it-tests/go-peer}. It knows nothing of us. Ends all it started on {@link #close}. For one
 * thread.
 */
public final class GoPeer implements AutoCloseable {

  private static final GoProgram PROGRAM = new GoProgram("go-peer", "GO_PEER");

  private final EtcdServer etcd;
  private final String target;
  private final List<Jvm> running = new ArrayList<>();

  /**
   * @param target the prefix of a service's keys
   */
  public GoPeer(EtcdServer etcd, String target) {
    this.etcd = etcd;
    this.target = target;
  }

  /** A server that has registered; its lease lasts so many seconds, and is kept alive. */
  public Jvm server(String name, int ttlSeconds) {
    Jvm server = start(name, "server", etcd.endpoint(), target, name, "" + ttlSeconds);
    server.await("registered as ");
    return server;
  }

  /**
   * A client that calls whom it finds, at a steady rate. {@code load("count")} says what came of
   * the calls so far.
   */
  public Jvm client(String policy, int callsPerSecond) {
    return start(policy, "client", etcd.endpoint(), target, policy, "" + callsPerSecond);
  }

  private Jvm start(String name, String... arguments) {
    List<String> command = new ArrayList<>(List.of(PROGRAM.path().toString()));
    command.addAll(List.of(arguments));
    try {
      Jvm program = new Jvm(name, new ProcessBuilder(command).start());
      running.add(program);
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    running.forEach(Jvm::close);
  }
}
