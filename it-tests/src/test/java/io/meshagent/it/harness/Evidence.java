package io.meshagent.it.harness;

import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Keeps what is needed to understand a scenario that failed, before its programs are ended: what
 * each JVM said and when, its admin page, its calls by second and status, and what etcd holds. The
 * folder is named in the failure. JUnit finds it by itself; on the test's thread, one test at a
 * time.
 */
public final class Evidence
    implements BeforeAllCallback,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Set<Jvm> JVMS = new LinkedHashSet<>();
  private static final Set<EtcdServer> ETCDS = new LinkedHashSet<>();

  /** A JVM of this test class was started. */
  static synchronized void of(Jvm jvm) {
    JVMS.add(jvm);
  }

  static synchronized void of(EtcdServer etcd) {
    ETCDS.add(etcd);
  }

  static String time(long epochMillis) {
    return TIME.format(Instant.ofEpochMilli(epochMillis));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    synchronized (Evidence.class) {
      JVMS.clear();
      ETCDS.removeIf(etcd -> !etcd.isRunning());
    }
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw kept(context, failure);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw kept(context, failure);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw kept(context, failure);
  }

  private static Throwable kept(ExtensionContext context, Throwable failure) {
    String test =
        context.getRequiredTestClass().getSimpleName()
            + "."
            + context.getTestMethod().map(method -> method.getName()).orElse("all")
            + context.getDisplayName().replaceAll("[^A-Za-z0-9.]+", "-");
    Path folder =
        Places.target()
            .resolve("failures")
            .resolve(
                test.substring(0, Math.min(test.length(), 120))
                    + "-"
                    + Long.toString(System.currentTimeMillis(), 36));
    List<Jvm> jvms;
    List<EtcdServer> etcds;
    synchronized (Evidence.class) {
      jvms = List.copyOf(JVMS);
      etcds = List.copyOf(ETCDS);
    }
    try {
      Places.create(folder);
      for (Jvm jvm : jvms) {
        keep(jvm, folder);
      }
      for (EtcdServer etcd : etcds) {
        Files.write(folder.resolve("etcd-" + etcd.clientPort() + ".txt"), contentOf(etcd));
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    return new AssertionError(
        failure.getMessage()
            + "\nThe programs' logs with times, their pages, calls by second and status, and what etcd"
            + " held: "
            + Places.root().relativize(folder),
        failure);
  }

  private static void keep(Jvm jvm, Path folder) throws IOException {
    String name = jvm.name() + "-" + jvm.pid();
    Files.write(folder.resolve(name + ".log"), jvm.log());
    if (!jvm.isAlive()) {
      return;
    }
    if (jvm.knownAdmin().isPresent()) {
      Files.writeString(folder.resolve(name + ".json"), page(jvm.knownAdmin().get() + "/mesh"));
      Files.writeString(folder.resolve(name + ".prom"), page(jvm.knownAdmin().get() + "/metrics"));
    }
    if (jvm.stdout().contains("ready")) {
      Files.writeString(folder.resolve(name + ".calls"), timeline(jvm));
    }
  }

  private static String page(String url) {
    try {
      return Metrics.get(url);
    } catch (RuntimeException | AssertionError e) {
      return "no page: " + e;
    }
  }

  /** The load client's own; another program that says it is ready does not know the command. */
  private static String timeline(Jvm jvm) {
    try {
      return jvm.ask("timeline", PATIENCE).replace("; ", "\n") + "\n";
    } catch (RuntimeException | AssertionError e) {
      return "not told: " + e.getMessage().lines().findFirst().orElse("");
    }
  }

  private static List<String> contentOf(EtcdServer etcd) {
    if (!etcd.isRunning()) {
      return List.of("it does not run");
    }
    try {
      return Stream.of("/", "greet", "hello", "team")
          .flatMap(prefix -> etcd.keys().get(prefix).entrySet().stream())
          .map(Evidence::line)
          .toList();
    } catch (RuntimeException | AssertionError e) {
      return List.of("it does not answer: " + e);
    }
  }

  private static String line(Map.Entry<String, EtcdKeys.Entry> entry) {
    return entry.getKey()
        + " = "
        + entry.getValue().value()
        + " (lease "
        + Long.toHexString(entry.getValue().lease())
        + ")";
  }
}
