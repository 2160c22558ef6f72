package io.meshagent.core.engine;

import io.meshagent.core.config.Governance;
import io.meshagent.core.log.Log;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The one line at start that says what was done. Two threads know a half of it each: the program's,
 * which gRPC it brings, and the engine's, who it talks to. Thread-safe.
 */
final class Announcement {

  private final String version;
  private final Set<String> versions = new TreeSet<>();
  private String grpc;
  private String outside;

  Announcement(String version) {
    this.version = version;
  }

  /** A copy of gRPC was met; the first one is announced, each further one told at info level. */
  synchronized void governs(String grpcVersion) {
    versions.add(grpcVersion);
    if (grpc == null) {
      grpc = grpcVersion;
      sayOnceComplete();
    } else {
      Log.info("governs another copy of gRPC: " + grpcVersion);
    }
  }

  /** The versions that were met: {@code 1.45.4, 1.60.1}. */
  synchronized String grpcVersions() {
    return String.join(", ", versions);
  }

  /** The same one by one. */
  synchronized Collection<String> eachGrpcVersion() {
    return new ArrayList<>(versions);
  }

  /** The parts that talk to somebody have started. */
  synchronized void outside(String description) {
    outside = description;
    sayOnceComplete();
  }

  /**
   * The program has loaded gRPC and not used it yet: it may want the admin page's port for that.
   */
  synchronized void sayUnused() {
    if (grpc == null && outside != null) {
      Log.announce("mesh-agent " + version + " waits for the first use of gRPC: " + outside);
    }
  }

  /** Governance has changed while the program runs. */
  static void say(Governance now) {
    Log.warn(
        "governance is "
            + now.name().toLowerCase(Locale.ROOT)
            + " now: "
            + (now == Governance.ON
                ? "calls are governed again"
                : "calls go where they went without the agent"));
  }

  private void sayOnceComplete() {
    if (grpc != null && outside != null) {
      Log.announce("mesh-agent " + version + " governs gRPC " + grpc + ": " + outside);
    }
  }
}
