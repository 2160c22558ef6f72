package io.meshagent.core.policy.ratelimit;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;
import io.meshagent.core.log.Log;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How many instances share a rate: those of the service whose calls it is for; of several services
 * those of the one that has most, so that all together never answer more than the rate. What the
 * directory does not know changes nothing. Thread-safe; a call reads without a lock.
 */
final class Sharers {

  /** A setting may be for any service there is. */
  private static final int MOST_SERVICES = 100;

  private static final Counted[] NONE = {};

  private final Function<String, Service> hold;
  private final Consumer<Service> letGo;

  /** Replaced as a whole under the lock of this, read by calls. */
  private volatile Counted[] services = NONE;

  private boolean closed;

  /**
   * @param hold the service of a name, null where the directory has no say
   * @param letGo it is not needed any more
   */
  Sharers(Function<String, Service> hold, Consumer<Service> letGo) {
    this.hold = hold;
    this.letGo = letGo;
  }

  /** A service and how many instances it had when it was last known. */
  private static final class Counted {
    private final Service service;

    /** The endpoints that were counted, and their number: written together, read by calls. */
    private volatile Count last = new Count(null, 1);

    Counted(Service service) {
      this.service = service;
    }

    @SuppressWarnings("ReferenceEquality") // Each change makes new ones.
    int count() {
      Endpoints now = service.endpoints();
      Count known = last;
      if (known.of != now) {
        known = new Count(now, counted(now, known.instances));
        last = known;
      }
      return known.instances;
    }

    private static int counted(Endpoints endpoints, int before) {
      int willing = 0;
      for (Endpoint each : endpoints.list()) {
        willing += each.isWilling() ? 1 : 0;
      }
      return willing == 0 ? before : willing;
    }
  }

  /** Immutable. */
  private static final class Count {
    private final Endpoints of;
    private final int instances;

    Count(Endpoints of, int instances) {
      this.of = of;
      this.instances = instances;
    }
  }

  /** Calls of one more service take from the rate. */
  synchronized void add(String name) {
    for (Counted each : services) {
      if (each.service.name().equals(name)) {
        return;
      }
    }
    if (closed || services.length >= MOST_SERVICES) {
      return;
    }
    Service service = hold.apply(name);
    if (service == null) {
      Log.warnOnce(
          "nobody to share with",
          "server.rate-limit.scope=cluster has no effect with discover.enabled=false, which leaves"
              + " nobody to count instances: this one answers all of server.rate-limit.rate");
    } else {
      Counted[] more = Arrays.copyOf(services, services.length + 1);
      more[services.length] = new Counted(service);
      services = more;
    }
  }

  /** At least 1. */
  int count() {
    int most = 1;
    for (Counted each : services) {
      most = Math.max(most, each.count());
    }
    return most;
  }

  /** The setting is no more. */
  synchronized void close() {
    closed = true;
    for (Counted each : services) {
      letGo.accept(each.service);
    }
    services = NONE;
  }
}
