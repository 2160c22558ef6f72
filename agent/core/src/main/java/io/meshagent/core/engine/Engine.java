package io.meshagent.core.engine;

import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.api.StartedServer;
import io.meshagent.core.balance.RoundRobin;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.PlanSource;
import io.meshagent.core.config.Fallback;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.directory.Directory;
import io.meshagent.core.log.Log;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.registry.publish.Leaving;
import io.meshagent.core.registry.publish.Registrar;
import io.meshagent.core.route.EndpointSelection;
import io.meshagent.core.run.AgentThreads;
import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.run.ThreadLoop;
import io.meshagent.core.telemetry.metrics.Metrics;
import io.meshagent.core.telemetry.trace.Tracing;
import io.meshagent.core.telemetry.trace.TracingSettings;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The engine of one JVM: holds the parts and answers the adapters. Made on the program's thread, so
 * its constructor opens nothing; {@link #start} hands the rest to the engine's thread. Thread-safe.
 */
final class Engine implements Mesh, PlanSource {

  /** Beyond the time that calls would wait: the disk is asked then. */
  private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** A program that is slow to start and uses gRPC then is told of in one line. */
  private static final long FIRST_USE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long LONGEST_STEP_MILLIS = 20_000;

  private final Settings settings;
  private final Identity identity;
  private final Metrics metrics;
  private final Tracing tracing;
  private final Directory directory;
  private final ChannelNotes channels = new ChannelNotes();
  private final PlanCompiler plans;
  private final boolean discovers;
  private final boolean fallsBack;

  /** Does everything that may wait, in order: first the start, then what servers do. */
  private final ExecutorService thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          AgentThreads.named("engine"),
          // What a late hook has to say when all is over interests nobody.
          new ThreadPoolExecutor.DiscardPolicy());

  /** Runs nothing of ours, see {@link Mesh#asGuest}. */
  private final ThreadLoop guests = ThreadLoop.ofGuests("channels");

  /** Its thread starts with the first thing that has to wait for its time. */
  private final ThreadLoop timer = ThreadLoop.named("timer");

  private final Announcement announcement;

  /** Only the engine's thread touches it. Null until the start is done, or if it failed. */
  private Externals outside;

  /** Volatile: written once by the engine's thread, read where servers shut down. */
  private volatile Registrar registrar;

  Engine(Settings settings, String version) {
    this.settings = settings;
    this.announcement = new Announcement(version);
    this.identity = new Identity(settings, version, UUID.randomUUID());
    this.metrics = new Metrics(version);
    this.tracing =
        Tracing.create(
            new TracingSettings(
                settings.get(Keys.TRACING_ENDPOINT),
                settings.get(Keys.TRACING_SAMPLING),
                settings.get(Keys.APP_NAME),
                settings.get(Keys.APP_VERSION),
                identity.id()));
    this.directory =
        new Directory(
            settings.get(RegistryKeys.DISCOVER_FIRST_WAIT).toNanos(),
            holdNanos(settings),
            ThreadLoop.named("directory"),
            new EndpointSelection(identity.number()),
            Snapshots.of(settings),
            settings.get(RegistryKeys.DISCOVER_ALLOW_ADDRESSES));
    this.discovers = settings.get(RegistryKeys.DISCOVER_ENABLED);
    this.fallsBack = settings.get(RegistryKeys.DISCOVER_FALLBACK) == Fallback.OWN;
    this.plans =
        new PlanCompiler(
            settings,
            new Telemetry(metrics, tracing),
            System::nanoTime,
            discovers ? new DirectoryServices(directory) : name -> null);
  }

  /**
   * By then a living program is registered again, whatever happened to etcd: it finds out within a
   * third of its lease, and then asks again every few seconds.
   */
  private static long holdNanos(Settings settings) {
    long ttl = settings.get(RegistryKeys.REGISTRY_TTL).toNanos();
    return Math.max(ttl, TimeUnit.SECONDS.toNanos(10));
  }

  /**
   * Begins all that talks to anybody. Returns at once.
   *
   * @param last what can wait until that has begun
   */
  void start(Runnable last) {
    thread.execute(
        () -> {
          try {
            outside =
                new Externals(settings, identity, metrics, tracing, directory, plans, channels);
            outside.start();
            registrar = outside.registrar();
            if (!announcement.outside(outside.describe())) {
              TaskLoop.Timer unused = timer.after(FIRST_USE_NANOS, announcement::sayUnused);
            }
          } catch (RuntimeException | LinkageError e) {
            directory.unreachable(String.valueOf(e));
            Log.warn("the registry could not be started, calls go to their original targets", e);
          }
        });
    thread.execute(last);
  }

  /** Waits until the directory can tell where calls go, or for as long as calls would. */
  void awaitDirectory() {
    try {
      directory.awaitSettled(
          settings.get(RegistryKeys.DISCOVER_FIRST_WAIT).toNanos() + SLACK_NANOS);
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
    return onThread(
        () -> outside == null || outside.leave(), settings.get(RegistryKeys.DRAIN_DELAY));
  }

  /** Lets go of every connection and thread, after {@link #leave}. */
  void close() {
    boolean unused =
        onThread(
            () -> {
              if (outside != null) {
                outside.close();
              }
              return true;
            },
            Duration.ZERO);
    directory.close();
    timer.close();
    guests.close();
    thread.shutdown();
  }

  /**
   * After what was begun before; a start that hangs is not waited for.
   *
   * @param meant what the task itself may wait for
   */
  private boolean onThread(Callable<Boolean> task, Duration meant) {
    try {
      return thread.submit(task).get(LONGEST_STEP_MILLIS + meant.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      Log.warn("the agent could not let go of everything; the program runs on", e);
    }
    return true;
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
  public CallPlan plan(Side side, String method, boolean streaming) {
    return Rights.ours(() -> plans.plan(side, method, streaming));
  }

  @Override
  public Balancer balancer(Service service) {
    return new RoundRobin();
  }

  @Override
  public boolean reroutes(String target) {
    boolean excluded = settings.get(RegistryKeys.DISCOVER_EXCLUDE_TARGETS).matches(target);
    if (excluded || !discovers) {
      channels.note(target, excluded ? "discover.exclude-targets" : "discover.enabled=false");
    }
    return discovers && !excluded;
  }

  @Override
  public boolean reroutesOwnBalancing(String target) {
    return settings.get(RegistryKeys.DISCOVER_INCLUDE_TARGETS).matches(target);
  }

  @Override
  public void channel(String target, String leftAloneBecause) {
    channels.note(target, leftAloneBecause);
  }

  @Override
  public boolean fallsBack() {
    return fallsBack;
  }

  @Override
  public void serverStarted(StartedServer server) {
    plans.hosts(server.methods());
    thread.execute(
        () -> {
          if (outside != null) {
            outside.started(server);
          }
        });
  }

  @Override
  public void serverStopping(StartedServer server, boolean mayWait) {
    Registrar known = registrar;
    Leaving leaving = known == null ? null : known.leave(server);
    if (leaving == null) {
      // Not published, or not yet: its start may be waiting in the queue still.
      stopLater(server);
    } else if (mayWait) {
      leaving.awaitRelease();
    } else {
      leaving.release();
    }
  }

  private void stopLater(StartedServer server) {
    thread.execute(
        () -> {
          if (outside != null) {
            outside.registrar().stopping(server);
          }
        });
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
    metrics.failed(place);
  }

  @Override
  public void warn(String sentence) {
    Log.warnOnce(sentence, sentence);
  }
}
