package io.meshagent.core.engine;

import io.meshagent.core.api.StartedServer;
import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.directory.Directory;
import io.meshagent.core.flight.Flight;
import io.meshagent.core.policy.Policies;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.etcd.EtcdRegistry;
import io.meshagent.core.registry.local.LocalRegistry;
import io.meshagent.core.registry.publish.Leaving;
import io.meshagent.core.registry.publish.Registrar;
import io.meshagent.core.registry.publish.RegistrarSettings;
import io.meshagent.core.registry.publish.Standings.Standing;
import io.meshagent.core.run.AgentThreads;
import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.telemetry.metrics.CallHistory;
import io.meshagent.core.telemetry.metrics.Metrics;
import java.net.URI;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The parts of the engine that talk to somebody: the registry, the admin page, and the end of the
 * JVM. Made and started on the engine's thread, never on the program's.
 */
final class Externals {

  private static final long WITHDRAWAL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Registry registry;
  private final long leaveNanos;
  private final long drainTimeoutNanos;

  /** Volatile: the admin page may ask before the constructor is through. */
  private volatile Registrar registrar;

  private final Directory directory;
  private final boolean discovers;
  private final Parts parts;

  /** Volatile: the page that it is may be asked before the constructor is through. */
  private volatile AdminPage admin;

  private final LiveSettings live;

  private final CallTelling telling;

  /** Null if no file was read. */
  private final String configuration;

  /** Only the engine's thread touches it. Null until the start. */
  private Thread atEnd;

  /** As is this. Without servers of the program signals are none of ours. */
  private EndSignals signals;

  private final CallHistory history;
  private final TaskLoop timer;

  /**
   * @param routes what the page shows of them
   * @param timer for what is done now and then; its owner closes it
   * @param grpcVersions those that were met
   */
  Externals(
      Parts parts,
      Supplier<Map<String, Object>> routes,
      TaskLoop timer,
      Supplier<Collection<String>> grpcVersions) {
    this.timer = timer;
    this.history = parts.metrics.history();
    CurrentSettings settings = parts.settings;
    Identity identity = parts.identity;
    Metrics metrics = parts.metrics;
    this.directory = parts.directory;
    this.discovers = parts.discovers();
    this.configuration = settings.now().file();
    this.parts = parts;
    registry = registry(settings, identity);
    directory.looksAgainBy(registry::lookAgain);
    directory.looksForNamesBy(registry::connectionFailed);
    live = LiveSettings.of(parts, registry);
    ServedHere servers = new ServedHere(parts, registry, this::standing);
    MeshFacts facts = new MeshFacts(parts, registry, this::entries, servers, routes, live::facts);
    Views.register(parts, registry::status, this::draining);
    OwnCheck check =
        new OwnCheck(settings, registry::status, this::entries, this::adminAddress, grpcVersions);
    admin = AdminPage.open(settings, metrics, facts, check::now, () -> draining() == 0);
    telling = new CallTelling(parts, registry, admin.address(), routes);
    registrar =
        new Registrar(
            new RegistrarSettings(
                settings.once(RegistryKeys.REGISTER_ENABLED),
                new RegistrarSettings.Address(
                    settings.once(RegistryKeys.REGISTER_HOST),
                    settings.once(RegistryKeys.REGISTER_PORT),
                    etcdHosts(settings)),
                settings.once(RegistryKeys.REGISTER_EXCLUDE)::matches,
                identity.metadata(admin.address()),
                settings.once(RegistryKeys.DRAIN_DELAY),
                settings.once(RegistryKeys.REGISTER_HEALTH)),
            registry,
            metrics::serverCallsBegun,
            metrics::serverCallsOpen);
    settings.watch(next -> registrar.askForCallers(Policies.needCallers(next)));
    registrar.askForCallers(Policies.needCallers(settings.now()));
    DrainNews drains = new DrainNews(settings, this::entries);
    registrar.onChange(drains::look);
    leaveNanos = settings.once(RegistryKeys.DRAIN_DELAY).toNanos() + WITHDRAWAL_NANOS;
    drainTimeoutNanos = settings.once(RegistryKeys.DRAIN_TIMEOUT).toNanos();
  }

  /** Host and port of the admin page; null if there is none. */
  String adminAddress() {
    return admin == null ? null : admin.address();
  }

  private int draining() {
    return registrar == null ? 0 : registrar.draining();
  }

  private Map<String, String> entries() {
    return registrar == null ? Collections.emptyMap() : registrar.entries();
  }

  private Standing standing(StartedServer server) {
    return registrar == null ? null : registrar.standing(server);
  }

  private static Registry registry(CurrentSettings settings, Identity identity) {
    return settings.once(RegistryKeys.ETCD_ENDPOINTS).isEmpty()
        ? new LocalRegistry(
            localDirectory(settings.once(RegistryKeys.REGISTRY_LOCAL_DIR)),
            EtcdFromSettings.limits(settings))
        : new EtcdRegistry(EtcdFromSettings.of(settings, identity.id()));
  }

  private static Path localDirectory(String configured) {
    return configured.isEmpty() ? LocalRegistry.defaultDirectory() : Paths.get(configured);
  }

  private static List<String> etcdHosts(CurrentSettings settings) {
    List<String> hosts = new ArrayList<>();
    for (String endpoint : settings.once(RegistryKeys.ETCD_ENDPOINTS)) {
      hosts.add(URI.create(endpoint).getHost());
    }
    return hosts;
  }

  void start() {
    LastActs last = new LastActs(registrar, registry, parts::closeTelemetry, drainTimeoutNanos);
    try {
      atEnd = AgentThreads.newThread("end", last);
      Runtime.getRuntime().addShutdownHook(atEnd);
      signals = new EndSignals(last::leaveEarly);
    } catch (IllegalStateException e) {
      // The JVM ends already; what began now would only be cut off.
      directory.unreachable("this program ends");
      return;
    }
    Flight.lookAtStart();
    lookForRecordings();
    registry.start(discovers ? directory : null);
    live.start();
    telling.start();
    if (parts.sentMetrics != null) {
      parts.sentMetrics.start();
    }
    if (admin.address() != null) {
      sampleAgainAndAgain();
    }
  }

  /** One may be begun at any time. */
  private void lookForRecordings() {
    TaskLoop.Timer unused =
        timer.after(
            LOOK_NANOS,
            () -> {
              lookForRecordings();
              Flight.look();
            });
  }

  private void sampleAgainAndAgain() {
    TaskLoop.Timer unused = timer.after(CallHistory.INTERVAL_NANOS, this::sampleAgainAndAgain);
    history.sample();
  }

  /** The program has started a server. */
  void started(StartedServer server) {
    if (signals != null) {
      signals.install();
    }
    registrar.started(server);
  }

  /**
   * Others are told not to call the program's servers any more, which go on serving. Waits until
   * they were told.
   *
   * @return false if the JVM ends: it lets them leave as ever
   */
  boolean leave() throws InterruptedException {
    try {
      boolean unused = atEnd != null && Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException e) {
      return false;
    }
    if (signals != null) {
      signals.remove();
    }
    List<Leaving> all = registrar.leaveAll();
    long began = System.nanoTime();
    for (Leaving leaving : all) {
      leaving.awaitWithdrawn(leaveNanos - (System.nanoTime() - began));
    }
    // Nobody who shuts one down now has to wait.
    all.forEach(Leaving::release);
    return true;
  }

  /** Lets go of all threads and connections. What is still registered goes with the lease. */
  void close() {
    live.close();
    telling.close();
    parts.closeTelemetry();
    registry.close();
    registrar.close();
    admin.close();
  }

  Registrar registrar() {
    return registrar;
  }

  /** For the start-up line: {@code registry local /tmp/…, admin http://127.0.0.1:9464}. */
  String describe() {
    return "registry "
        + registry.describe()
        + (configuration == null ? "" : ", configuration " + configuration)
        + ", "
        + admin.describe();
  }
}
