package io.meshagent.core.registry.publish;

import io.meshagent.core.api.HealthService;
import io.meshagent.core.api.Hosted;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.api.StartedServer;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.format.HostPort;
import io.meshagent.core.run.AgentThreads;
import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.run.ThreadLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Turns the servers of the program into entries of the registry, and takes them out again. Called
 * on the program's threads, where it only hands over; all work is done on its loop.
 */
public final class Registrar {

  private final RegistrarSettings settings;
  private final Registry registry;
  private final TaskLoop loop;
  private final TaskLoop inquiries;
  private final Executor lookThreads;
  private final LongSupplier wallMillis;
  private final AdvertisedAddress addresses;
  private final ServerActivity activity;
  private final ContainerPort container;

  /** Only the loop changes it; others ask whether a server is in. */
  private final Map<StartedServer, PublishedServer> published = new ConcurrentHashMap<>();

  /** What each server hosts that runs, published or not. Only the loop touches it. */
  private final Map<StartedServer, HostedLook> followed = new HashMap<>();

  /** Only the loop touches it. */
  private TaskLoop.Timer look = TaskLoop.Timer.NONE;

  /** Whether policies have to know who calls. Only the loop touches it. */
  private boolean asksForCallers;

  /** What the loop was told of that. Guarded by this. */
  private boolean toldToAsk;

  /** For metrics and the admin page. */
  private final Standings standings = new Standings();

  /** Volatile: set once, by the engine's thread. */
  private volatile Runnable onChange = () -> {};

  /**
   * @param callsBegun how many calls the program's servers were asked for since the start
   * @param callsOpen how many of them have not ended
   */
  public Registrar(
      RegistrarSettings settings,
      Registry registry,
      LongSupplier callsBegun,
      LongSupplier callsOpen) {
    this(
        settings,
        registry,
        new Means(
            ThreadLoop.named("registrar"),
            ThreadLoop.ofGuests("health"),
            task -> AgentThreads.newThread("services", task).start(),
            System::currentTimeMillis,
            new SystemNetwork()),
        callsBegun,
        callsOpen);
  }

  Registrar(
      RegistrarSettings settings,
      Registry registry,
      Means means,
      LongSupplier callsBegun,
      LongSupplier callsOpen) {
    this.settings = settings;
    this.registry = registry;
    this.loop = means.loop;
    this.inquiries = means.inquiries;
    this.lookThreads = means.lookThreads;
    this.wallMillis = means.wallMillis;
    this.addresses = new AdvertisedAddress(settings, means.network);
    this.container = new ContainerPort(means.network, loop, inquiries);
    this.activity = new ServerActivity(callsBegun, callsOpen, loop);
  }

  /** The threads, the clock and the network that a registrar works with. Immutable. */
  static final class Means {
    private final TaskLoop loop;
    private final TaskLoop inquiries;
    private final Executor lookThreads;
    private final LongSupplier wallMillis;
    private final Network network;

    /**
     * @param inquiries where the program's health service is asked
     * @param lookThreads for looks at what servers host, which may block
     */
    Means(
        TaskLoop loop,
        TaskLoop inquiries,
        Executor lookThreads,
        LongSupplier wallMillis,
        Network network) {
      this.loop = loop;
      this.inquiries = inquiries;
      this.lookThreads = lookThreads;
      this.wallMillis = wallMillis;
      this.network = network;
    }
  }

  /** The server has bound its ports: publishes it, and whatever it hosts later. Returns at once. */
  public void started(StartedServer server) {
    if (settings.enabled()) {
      long now = wallMillis.getAsLong();
      loop.execute(() -> follow(server, now));
    }
  }

  /** Whether those who call its servers are to say who they are, from now on. Returns at once. */
  public synchronized void askForCallers(boolean ask) {
    if (ask != toldToAsk) {
      toldToAsk = ask;
      loop.execute(
          () -> {
            asksForCallers = ask;
            published.values().forEach(server -> server.tell(Metadata.CALLERS, ask));
          });
    }
  }

  /**
   * The server is going away: it leaves. Returns at once.
   *
   * @return where to wait, or null if it is not published
   */
  public Leaving leave(StartedServer server) {
    PublishedServer known = published.get(server);
    return known == null ? null : known.leave();
  }

  /**
   * The same for a server that {@link #leave} did not know: it may have been started just before.
   * It waits for nobody.
   */
  public void stopping(StartedServer server) {
    loop.execute(
        () -> {
          container.forget(server);
          forget(server);
          Leaving leaving = leave(server);
          if (leaving != null) {
            leaving.release();
          }
        });
  }

  /** All servers leave at once, for good: the JVM ends, or the agent goes. */
  public List<Leaving> leaveAll() {
    loop.execute(() -> followed.values().forEach(HostedLook::end));
    List<Leaving> all = new ArrayList<>();
    published.values().forEach(server -> all.add(server.leave()));
    return all;
  }

  /** How long a server goes on answering after others were told that it leaves. */
  long delayNanos() {
    return settings.drainDelayNanos();
  }

  /** Whether nobody calls the servers of this JVM. On the loop. */
  boolean isIdle() {
    return activity.isIdle();
  }

  /** An entry has changed. On the loop. */
  void changed() {
    standings.are(published.values());
    onChange.run();
  }

  /** The server has left. On the loop. */
  void gone(PublishedServer server) {
    published.remove(server.server());
    forget(server.server());
    changed();
  }

  /** Has somebody told, on the loop, whenever the state of an entry may have changed. */
  public void onChange(Runnable told) {
    onChange = told;
  }

  /** The state of each entry of this program, by service and address. */
  public Map<String, String> entries() {
    return standings.entries();
  }

  /** How a server of this program stands; null while it is not to be published, or not yet. */
  public Standings.Standing standing(StartedServer server) {
    return standings.of(server);
  }

  /** How many of them are announced as leaving and not withdrawn yet. */
  public int draining() {
    return standings.draining();
  }

  private void look() {
    activity.look();
    look = published.isEmpty() ? TaskLoop.Timer.NONE : lookLater();
  }

  private TaskLoop.Timer lookLater() {
    return loop.after(ServerActivity.LOOK_NANOS, this::look);
  }

  private void follow(StartedServer server, long startedMillis) {
    if (!followed.containsKey(server)) {
      HostedLook made =
          new HostedLook(server, loop, lookThreads, hosted -> hosts(server, hosted, startedMillis));
      followed.put(server, made);
      made.begin();
    }
  }

  private void forget(StartedServer server) {
    HostedLook ended = followed.remove(server);
    if (ended != null) {
      ended.end();
    }
  }

  /** What a server hosts is known, or has changed. */
  private void hosts(StartedServer server, Hosted hosted, long startedMillis) {
    PublishedServer known = published.get(server);
    if (known != null) {
      known.host(publishable(hosted), health(hosted));
    } else if (!publishable(hosted).isEmpty()) {
      publish(server, startedMillis);
    }
  }

  private Set<String> publishable(Hosted hosted) {
    Set<String> services = new TreeSet<>(hosted.services());
    services.removeIf(service -> !isPublishable(service) || settings.excludes(service));
    return services;
  }

  /** Null if it does not matter. */
  private HealthService health(Hosted hosted) {
    return settings.followsHealth() ? hosted.health() : null;
  }

  private void publish(StartedServer server, long startedMillis) {
    AdvertisedAddress.Choice address = addresses.choose(server.listenSockets());
    if (address.problem() != null) {
      Log.warnOnce("advertised " + address.problem(), address.problem());
    }
    if (address.host() == null) {
      followed.get(server).end();
      return;
    }
    Instance instance = instance(server, address, startedMillis);
    if (instance == null) {
      Log.warnOnce(
          "register.host " + address.host(),
          "a server is not registered, because '"
              + address.host()
              + "' is no host name or address; correct register.host");
      return;
    }
    if (server.listenSockets().isEmpty()) {
      container.whenOpen(server, address.host(), address.port(), () -> publish(server, instance));
    } else {
      publish(server, instance);
    }
  }

  private void publish(StartedServer server, Instance instance) {
    // What it hosts may have changed while its port was waited for.
    Hosted hosted = followed.get(server).hosted();
    PublishedServer made = new PublishedServer(server, instance, registry, this, loop, inquiries);
    made.tell(Metadata.CALLERS, asksForCallers);
    published.put(server, made);
    made.host(publishable(hosted), health(hosted));
    if (look == TaskLoop.Timer.NONE) {
      look();
    }
  }

  /** A name with a slash could not be told apart from an address below it. */
  private static boolean isPublishable(String service) {
    return !service.isEmpty() && service.indexOf('/') < 0;
  }

  private Instance instance(StartedServer server, AdvertisedAddress.Choice address, long millis) {
    HostPort parsed = HostPort.parse(Instance.hostPort(address.host(), address.port()));
    if (parsed == null) {
      return null;
    }
    Map<String, String> metadata = new TreeMap<>(settings.metadata());
    if (server.scheme() != null) {
      metadata.put(Metadata.SCHEME, server.scheme());
    }
    metadata.putAll(server.facts());
    metadata.putIfAbsent(Metadata.STARTED, Long.toString(millis));
    return new Instance(parsed.host(), parsed.port(), parsed.resolve(), metadata);
  }

  /** Lets go of the thread; what is registered is the registry's to withdraw. */
  public void close() {
    loop.close();
    inquiries.close();
  }
}
