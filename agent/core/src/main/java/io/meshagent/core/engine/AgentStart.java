package io.meshagent.core.engine;

import io.meshagent.bootstrap.AgentLoader;
import io.meshagent.core.api.Rights;
import io.meshagent.core.config.CommandLineSecret;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.LogKeys;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.Settings;
import io.meshagent.core.hooks.AdaptersByLoader;
import io.meshagent.core.hooks.AgentProperties;
import io.meshagent.core.hooks.ContextClass;
import io.meshagent.core.hooks.DoorReach;
import io.meshagent.core.hooks.Doorkeeper;
import io.meshagent.core.hooks.HookWriter;
import io.meshagent.core.log.Log;
import io.meshagent.core.log.RotatingFile;
import io.meshagent.core.run.AgentThreads;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Paths;
import java.security.ProtectionDomain;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarFile;

/**
 * The engine's entry: made by premain's trigger when the program loads its first hooked class, on
 * the program's thread. What has to stand before the first call is done here (settings, plans,
 * hooks); what talks to anybody starts on the engine's own thread, when it is needed.
 */
public final class AgentStart implements ClassFileTransformer {

  /** Who makes a channel loads it. */
  private static final String CHANNEL = "io/grpc/internal/ManagedChannelImpl";

  /** Null, as what follows, if the configuration switches the agent off. */
  private final Engine engine;

  private final HookWriter hooks;
  private final Attachment attachment;
  private final Runnable loadRest;

  private final AtomicBoolean started = new AtomicBoolean();

  /** Called by name. */
  public AgentStart(File jar, String argument, Instrumentation instrumentation) {
    Log.useThreads(AgentThreads.named("log"));
    ConfigSource source = new ConfigSource(argument, jar.toPath());
    Settings settings = source.read();
    Log.setLevel(settings.get(Keys.LOG_LEVEL));
    if (!settings.get(LogKeys.FILE).isEmpty()) {
      Log.writeTo(
          RotatingFile.of(
              LogKeys.FILE.name(),
              settings.get(LogKeys.FILE),
              settings.get(LogKeys.MAX_MEGABYTES),
              settings.get(LogKeys.MAX_FILES)));
    }
    for (Problem problem : settings.problems()) {
      Log.warn(problem.toString());
    }
    String exposed = CommandLineSecret.ofThisJvm(settings, Paths.get("/proc/self/cmdline"));
    if (exposed != null) {
      Log.warn(exposed);
    }
    if (!settings.get(Keys.ENABLED)) {
      engine = null;
      hooks = null;
      attachment = null;
      loadRest = null;
      Log.info("switched off by " + Keys.ENABLED.name() + "=false");
      return;
    }
    engine =
        new Engine(
            settings,
            source,
            versionOf(jar),
            address -> AgentProperties.tellAdmin(instrumentation, address),
            instrumentation::getAllLoadedClasses);
    DoorReach reach = new DoorReach(instrumentation, jar);
    AgentLoader loader = (AgentLoader) AgentStart.class.getClassLoader();
    boolean tasks = settings.get(Keys.TRACING_MDC);
    AdaptersByLoader adapters =
        new AdaptersByLoader(
            loader,
            engine,
            engine,
            engine::governs,
            instrumentation,
            tasks ? new ContextClass(instrumentation) : null);
    reach.open(new Doorkeeper(adapters, engine));
    engine.watchRepeats(reach::openForStreams);
    hooks = new HookWriter(reach, settings.get(Keys.METRICS_ATTEMPTS), tasks);
    attachment = new Attachment(engine, adapters, reach, hooks, instrumentation);
    loadRest = reach::loadAll;
  }

  /** For orders that come while the program runs; null if the agent is switched off. */
  public Attachment attachment() {
    return attachment;
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> known, ProtectionDomain domain, byte[] bytes) {
    return hooks == null
        ? null
        : Rights.ours(
            () -> {
              start(CHANNEL.equals(name));
              return hooks.transform(loader, name, known, domain, bytes);
            });
  }

  private void start(boolean calls) {
    if (started.compareAndSet(false, true)) {
      engine.start(loadRest, calls);
    } else if (calls) {
      engine.calls();
    }
  }

  /** What the manifest of a jar says, for people. */
  public static String versionOf(File jar) {
    try (JarFile file = new JarFile(jar, false)) {
      String version = file.getManifest().getMainAttributes().getValue("Implementation-Version");
      return version == null ? "unknown" : version;
    } catch (IOException e) {
      return "unknown";
    }
  }
}
