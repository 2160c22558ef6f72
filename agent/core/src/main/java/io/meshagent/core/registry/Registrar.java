package io.meshagent.core.registry;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.api.StartedServer;
import io.meshagent.core.log.Log;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Turns the servers of the program into entries of the registry. Called on the program's threads,
 * where it only hands over; all work is done on its loop.
 */
public final class Registrar {

  private final RegistrarSettings settings;
  private final Registry registry;
  private final TaskLoop loop;
  private final LongSupplier wallMillis;
  private final AdvertisedAddress addresses;

  /** What was registered for each server, by service. Only the loop touches it. */
  private final Map<StartedServer, Map<String, Instance>> published = new LinkedHashMap<>();

  public Registrar(RegistrarSettings settings, Registry registry) {
    this(
        settings,
        registry,
        ThreadLoop.named("registrar"),
        System::currentTimeMillis,
        new SystemNetwork());
  }

  Registrar(
      RegistrarSettings settings,
      Registry registry,
      TaskLoop loop,
      LongSupplier wallMillis,
      Network network) {
    this.settings = settings;
    this.registry = registry;
    this.loop = loop;
    this.wallMillis = wallMillis;
    this.addresses = new AdvertisedAddress(settings, network);
  }

  /** The server has bound its ports: publishes it. Returns at once. */
  public void started(StartedServer server) {
    if (settings.enabled()) {
      long now = wallMillis.getAsLong();
      loop.execute(() -> publish(server, now));
    }
  }

  /** The server is going away: withdraws what was published for it. Returns at once. */
  public void stopping(StartedServer server) {
    loop.execute(
        () -> {
          Map<String, Instance> entries = published.remove(server);
          if (entries != null) {
            entries.forEach(registry::withdraw);
          }
        });
  }

  private void publish(StartedServer server, long startedMillis) {
    Map<String, Instance> entries = new TreeMap<>();
    for (String service : new TreeSet<>(server.services())) {
      if (isPublishable(service) && !settings.excludes(service)) {
        entries.put(service, null);
      }
    }
    if (entries.isEmpty() || published.containsKey(server)) {
      return;
    }
    AdvertisedAddress.Choice address = addresses.choose(server.listenSockets());
    if (address.problem() != null) {
      Log.warnOnce("advertised " + address.problem(), address.problem());
    }
    if (address.host() == null) {
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
    entries.replaceAll((service, none) -> instance);
    published.put(server, entries);
    entries.forEach(registry::register);
    Log.info("registering " + instance.hostPort() + " for " + entries.keySet());
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
    metadata.putIfAbsent(Metadata.STARTED, Long.toString(millis));
    return new Instance(parsed.host(), parsed.port(), parsed.resolve(), metadata);
  }

  /** Lets go of the thread; what is registered is the registry's to withdraw. */
  public void close() {
    loop.close();
  }
}
