package io.meshagent.it.harness;

import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Etcd's own command line, for an etcd with users or with TLS. Immutable. */
public final class EtcdCtl {

  private static final Tool ETCDCTL = new Tool("etcdctl", "ETCDCTL", "etcd-client");

  private final String endpoint;
  private final List<String> flags;

  EtcdCtl(String endpoint, List<String> flags) {
    this.endpoint = endpoint;
    this.flags = flags;
  }

  /** What it prints; fails unless it succeeds. */
  public String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(ETCDCTL.path().toString()));
    command.add("--endpoints=" + endpoint);
    // Its own 5 s are too short on a busy machine.
    command.addAll(List.of("--dial-timeout=20s", "--command-timeout=30s"));
    command.addAll(flags);
    command.addAll(List.of(arguments));
    Commands.Result result = Commands.run(Places.target(), command);
    if (!result.ok()) {
      throw new AssertionError("etcdctl " + List.of(arguments) + ": " + result.tail());
    }
    return result.output();
  }

  /**
   * Runs a script that calls {@code etcdctl}, as a user would in a shell.
   *
   * @param directory where it runs
   */
  public void script(Path directory, String script) {
    Path tools = ETCDCTL.path().toAbsolutePath().getParent();
    Commands.Result result =
        Commands.run(
            directory,
            "env",
            "PATH=" + tools + ":" + System.getenv("PATH"),
            "ETCDCTL_API=3",
            "ETCDCTL_ENDPOINTS=" + endpoint,
            "ETCDCTL_DIAL_TIMEOUT=20s",
            "ETCDCTL_COMMAND_TIMEOUT=30s",
            "sh",
            "-e",
            "-c",
            script);
    if (!result.ok()) {
      throw new AssertionError("the script for etcdctl: " + result.tail());
    }
  }

  /** Values by key, of all keys with the prefix. */
  public Map<String, String> get(String prefix) {
    String[] lines = run("get", "--prefix", prefix).split("\n", -1);
    Map<String, String> found = new TreeMap<>();
    for (int i = 0; i + 1 < lines.length; i += 2) {
      found.put(lines[i], lines[i + 1]);
    }
    return found;
  }

  /**
   * Users from now on: {@code root:top}, who may do everything, and {@code app} with a password,
   * who has a role of the same name.
   *
   * @param rights {@code read} or {@code readwrite}
   * @return the command line of root
   */
  public EtcdCtl withUsers(String password, String rights, String prefix) {
    run("user", "add", "root:top");
    run("role", "add", "app");
    run("role", "grant-permission", "app", rights, "--prefix=true", prefix);
    // Documents and reports, as everybody in a mesh has it.
    run("role", "grant-permission", "app", "readwrite", "--prefix=true", "/mesh/");
    run("user", "add", "app:" + password);
    run("user", "grant-role", "app", "app");
    run("auth", "enable");
    List<String> root = new ArrayList<>(flags);
    root.add("--user=root:top");
    return new EtcdCtl(endpoint, root);
  }
}
