package io.meshagent.core.engine;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.KnownChannel;
import io.meshagent.core.api.LogContext;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Openings;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Side;
import io.meshagent.core.api.StartedServer;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.PlanSource;
import io.meshagent.core.config.Fallback;
import io.meshagent.core.config.Governance;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.LogKeys;
import io.meshagent.core.config.PoolKeys;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.directory.Directory;
import io.meshagent.core.flight.Flight;
import io.meshagent.core.log.Log;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.balance.BalanceKeys;
import io.meshagent.core.policy.retry.RetryPolicy;
import io.meshagent.core.policy.route.RouteKeys;
import io.meshagent.core.route.Callers;
import io.meshagent.core.route.OpeningBudget;
import io.meshagent.core.route.Routes;
import io.meshagent.core.route.Targets;
import io.meshagent.core.run.ThreadLoop;
import io.meshagent.core.telemetry.mdc.ProgramLogs;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The engine of one JVM: holds the parts and answers the adapters. Made on the program's thread, so
 * its constructor opens nothing; what talks to anybody is {@link Outside}. Thread-safe.
 */
final class Engine implements Mesh, PlanSource {

  /** Beyond the time that calls would wait: the disk is asked then. */
  private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Parts parts;

  /** All classes of this JVM. */
  private final Supplier<Class<?>[]> loadedClasses;

  /** As in the parts; by itself, since calls and their ends ask for it. */
  private final Directory directory;

  private final Routes routes;

  /** Null where it makes no difference who calls. */
  private final Callers callers;

  private final PlanCompiler plans;
  private final String application;
  private final boolean discovers;
  private final boolean fallsBack;
  private final int connectionsPerInstance;
  private final long mostIdleNanos;
  private final Openings openings;

  /** Volatile: set by whoever brings settings, read by picks. */
  private volatile boolean governing;

  /** Runs nothing of ours, see {@link Mesh#asGuest}. */
  private final ThreadLoop guests = ThreadLoop.ofGuests("channels");

  private final ThreadLoop slowGuests = ThreadLoop.ofGuests("copies");

  /** Its thread starts with the first thing that has to wait for its time. */
  private final ThreadLoop timer = ThreadLoop.named("timer");

  private final Announcement announcement;
  private final Outside outside;

  /**
   * @param source where the settings were read from
   * @param adminTeller see {@link Outside}
   * @param loadedClasses all of this JVM, anew each time
   */
  Engine(
      Settings settings,
      ConfigSource source,
      String version,
      Consumer<String> adminTeller,
      Supplier<Class<?>[]> loadedClasses) {
    this.loadedClasses = loadedClasses;
    this.parts = new Parts(settings, source, version);
    this.directory = parts.directory;
    this.plans = parts.plans;
    this.routes =
        new Routes(
            parts.identity.number(),
            parts.settings.once(Keys.APP_ZONE),
            service -> BalanceKeys.rule(parts.settings.now(), service),
            service -> RouteKeys.routing(parts.settings.now(), service),
            new Targets(
                parts.settings.once(RegistryKeys.DISCOVER_MAP),
                parts.settings.once(RegistryKeys.DISCOVER_KEEP_ADDRESSED)),
            this);
    this.governing = settings.get(Keys.GOVERNANCE) == Governance.ON;
    Flight.slowFrom(settings.get(LogKeys.FLIGHT_SLOW_CALL).toNanos());
    parts.settings.watch(this::changed);
    this.announcement = new Announcement(version);
    this.outside = new Outside(parts, routes::facts, announcement, timer, adminTeller);
    this.discovers = parts.settings.once(RegistryKeys.DISCOVER_ENABLED);
    this.application = parts.settings.once(Keys.APP_NAME);
    this.callers =
        !discovers || application.isEmpty() || parts.settings.once(Keys.APP_ZONE).isEmpty()
            ? null
            : new Callers(application, directory::service, this, routes::callers);
    this.connectionsPerInstance = parts.settings.once(PoolKeys.CONNECTIONS_PER_INSTANCE);
    this.mostIdleNanos = parts.settings.once(PoolKeys.MAX_IDLE).toNanos();
    this.openings = new OpeningBudget(this);
    this.fallsBack = parts.settings.once(RegistryKeys.DISCOVER_FALLBACK) == Fallback.OWN;
  }

  private void changed(Settings next) {
    boolean governs = next.get(Keys.GOVERNANCE) == Governance.ON;
    if (governs != governing) {
      Announcement.say(next.get(Keys.GOVERNANCE));
    }
    governing = governs;
    Flight.slowFrom(next.get(LogKeys.FLIGHT_SLOW_CALL).toNanos());
    routes.rulesChanged();
  }

  /**
   * The program has loaded gRPC. Returns at once.
   *
   * @param next what can wait until that has begun which has to
   * @param calls whether it is about to call somebody, and not only to be called
   */
  void start(Runnable next, boolean calls) {
    outside.start(next, calls);
  }

  /** The program is about to call somebody. Returns at once. */
  void calls() {
    outside.begin();
  }

  /** Waits until the directory can tell where calls go, or for as long as calls would. */
  void awaitDirectory() {
    outside.begin();
    try {
      directory.awaitSettled(
          parts.settings.once(RegistryKeys.DISCOVER_FIRST_WAIT).toNanos() + SLACK_NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The program goes on without the agent: nobody is to call its servers through the registry any
   * more. Waits until others were told.
   *
   * @return false if the JVM ends, which does the same
   */
  boolean leave() {
    return outside.leave();
  }

  /** Lets go of every connection and thread, after {@link #leave}. */
  void close() {
    outside.close();
    directory.close();
    timer.close();
    guests.close();
    slowGuests.close();
    parts.accessLog.close();
  }

  /**
   * Tells whether calls of any method may be repeated, now and whenever other settings come.
   *
   * @param watcher told on the thread that brings them
   */
  void watchRepeats(Consumer<Boolean> watcher) {
    parts.settings.watch(next -> watcher.accept(RetryPolicy.isAny(next)));
    watcher.accept(RetryPolicy.isAny(parts.settings.now()));
  }

  /** The versions of gRPC that were met, for people. */
  String grpcVersions() {
    return announcement.grpcVersions();
  }

  /** A copy of gRPC of this version was met in the program. */
  void governs(String grpcVersion) {
    announcement.governs(grpcVersion);
  }

  @Override
  public CallPlan plan(Side side, String method, MethodKind kind) {
    return Rights.ours(() -> plans.plan(side, method, kind));
  }

  @Override
  public KnownChannel channel(String target, String scheme, boolean governed) {
    return routes.channel(
        target, scheme, governed, (why, services) -> parts.channels.note(target, why, services));
  }

  @Override
  public String leftAlone(String target) {
    if (parts.settings.once(RegistryKeys.DISCOVER_EXCLUDE_TARGETS).matches(target)) {
      return "discover.exclude-targets";
    }
    return discovers ? null : "discover.enabled=false";
  }

  @Override
  public boolean reroutesOwnBalancing(String target) {
    return parts.settings.once(RegistryKeys.DISCOVER_INCLUDE_TARGETS).matches(target);
  }

  @Override
  public boolean isGoverning() {
    return governing;
  }

  @Override
  public boolean fallsBack() {
    return fallsBack;
  }

  @Override
  public int connectionsPerInstance() {
    return connectionsPerInstance;
  }

  @Override
  public long mostIdleNanos() {
    return mostIdleNanos;
  }

  @Override
  public Openings openings() {
    return openings;
  }

  @Override
  public String application() {
    return application;
  }

  @Override
  public LogContext logContext(ClassLoader grpc) {
    return parts.settings.once(Keys.TRACING_MDC)
        ? new ProgramLogs(grpc, loadedClasses, this)
        : null;
  }

  @Override
  public void serverStarted(StartedServer server) {
    plans.hosts(server.methods());
    parts.servers.started(server);
    if (callers != null) {
      callers.hosts(server.methods());
    }
    outside.started(server);
  }

  @Override
  public void serverStopping(StartedServer server, boolean mayWait) {
    parts.servers.stopping(server);
    outside.stopping(server, mayWait);
  }

  @Override
  public void refuses(Instance instance, boolean refuses) {
    directory.refuses(instance, refuses);
  }

  @Override
  public void connectionFailed(Instance instance) {
    directory.connectionFailed(instance);
  }

  @Override
  public void asGuest(Runnable task) {
    guests.execute(task);
  }

  @Override
  public void asSlowGuest(Runnable task) {
    slowGuests.execute(task);
  }

  @Override
  public Runnable after(long nanos, Runnable task) {
    return timer.after(nanos, () -> guests.execute(task))::cancel;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void failed(String place, Throwable cause) {
    // Said first: what has failed may be what counts.
    Log.warnOnce(
        "failed " + place,
        "something of the agent failed in " + place + ", the call went on: " + cause);
    parts.metrics.failed(place);
  }

  @Override
  public void warn(String sentence) {
    Log.warnOnce(sentence, sentence);
  }

  @Override
  public void news(String sentence) {
    Log.warn(sentence);
  }
}
