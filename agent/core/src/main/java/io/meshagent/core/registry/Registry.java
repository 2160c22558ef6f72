package io.meshagent.core.registry;

import io.meshagent.core.api.Instance;
import java.util.List;
import java.util.Map;

/**
 * Publishes this program's instances and watches everybody's. Registration is desired state: {@link
 * #register} says what should be there, and the registry sees to it, for ever, on threads of its
 * own. Every method returns at once but {@link #close}; all are thread-safe; none throws for
 * trouble with the source.
 */
public interface Registry extends AutoCloseable {

  /** For people: {@code etcd http://127.0.0.1:2379} or {@code local /tmp/mesh-agent-me}. */
  String describe();

  /** Connects and begins to list and watch. Called once. */
  void start(Listener listener);

  /** Lists everything afresh, and soon; the listener is told, or that the source is away. */
  void lookAgain();

  /**
   * The instance should be registered under the service, until {@link #withdraw}. May precede
   * start.
   */
  void register(String service, Instance instance);

  /** The instance should no longer be registered under the service. */
  void withdraw(String service, Instance instance);

  /** How registration stands, for metrics and the admin page. */
  Status status();

  /**
   * Withdraws everything, waits for that at most two seconds, and lets go of all threads and
   * connections. For the end of the JVM.
   */
  @Override
  void close();

  /**
   * Who is told of the directory. Called on one thread of the registry, in order; must not block.
   */
  interface Listener {

    /** The whole directory, instances by service; a service that is not named has none. */
    void listed(Map<String, List<Instance>> services);

    /** The services whose instances changed since the last call, with all they have now. */
    void changed(Map<String, List<Instance>> services);

    /**
     * The source can't be reached, or is not itself; what was told last stays valid. Said again
     * with each failed try. The next {@link #listed} or {@link #changed}, be it of nothing, says
     * that the source answers again.
     */
    void unreachable(String why);
  }

  /** A moment's facts about this registry. Immutable. */
  final class Status {
    private final String state;
    private final int desired;
    private final int registered;
    private final long leasesLost;
    private final long entriesSkipped;

    public Status(String state, int desired, int registered, long leasesLost, long entriesSkipped) {
      this.state = state;
      this.desired = desired;
      this.registered = registered;
      this.leasesLost = leasesLost;
      this.entriesSkipped = entriesSkipped;
    }

    /**
     * The state machine's state by its name; {@code ALIVE} when all that is desired is registered.
     */
    public String state() {
      return state;
    }

    /** How many entries (service and instance) should be there. */
    public int desired() {
      return desired;
    }

    /** How many are there as far as we know. */
    public int registered() {
      return registered;
    }

    public long leasesLost() {
      return leasesLost;
    }

    /** Entries under our prefix that could not be read as an instance, since the start. */
    public long entriesSkipped() {
      return entriesSkipped;
    }
  }
}
