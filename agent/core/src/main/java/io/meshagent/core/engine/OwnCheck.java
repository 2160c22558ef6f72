package io.meshagent.core.engine;

import io.meshagent.core.check.Check;
import io.meshagent.core.check.CheckReport;
import io.meshagent.core.check.RunningProgram;
import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.registry.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What {@code check} sees of this program, for its admin page. On admin threads, which wait; not
 * oftener than every few seconds, whoever asks, because each look logs in to etcd, which is dear.
 */
final class OwnCheck {

  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final String UNDER_WAY =
      "somebody else has begun to check this program; ask again in a few seconds";

  private final CurrentSettings settings;
  private final Supplier<Registry.Status> status;
  private final Supplier<Map<String, String>> entries;
  private final Supplier<String> admin;
  private final Supplier<Collection<String>> grpcVersions;

  private final ReentrantLock looking = new ReentrantLock();

  /** Volatile: written by who looks, read by who comes meanwhile. Null before the first look. */
  private volatile CheckReport last;

  /** Guarded by the lock. */
  private long lookedAt;

  OwnCheck(
      CurrentSettings settings,
      Supplier<Registry.Status> status,
      Supplier<Map<String, String>> entries,
      Supplier<String> admin,
      Supplier<Collection<String>> grpcVersions) {
    this.settings = settings;
    this.status = status;
    this.entries = entries;
    this.admin = admin;
    this.grpcVersions = grpcVersions;
  }

  /** One at a time: the page has few threads. Who comes meanwhile is told what was seen before. */
  Map<String, Object> now() {
    CheckReport report = last;
    if (looking.tryLock()) {
      try {
        if (lookedAt == 0 || System.nanoTime() - lookedAt > PAUSE_NANOS) {
          lookedAt = System.nanoTime();
          report = Check.ofRunning(settings.now(), program()).run();
          last = report;
          lookedAt = System.nanoTime();
        }
      } finally {
        looking.unlock();
      }
    }
    CheckReport told = report == null ? CheckReport.impossible(UNDER_WAY) : report;
    return told.facts("this program");
  }

  private RunningProgram program() {
    return new RunningProgram(
        entries.get(), status.get().registration(), admin.get(), grpcVersions.get(), words());
  }

  /** What the JVM was started with; empty where the system does not tell. */
  private static Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    try {
      byte[] line = Files.readAllBytes(Paths.get("/proc/self/cmdline"));
      words.put("the command line", new String(line, StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      // Another system: then the variables are what there is to see.
      words.put("the command line", "");
    }
    words.putAll(Check.variables(System.getenv()));
    return words;
  }
}
