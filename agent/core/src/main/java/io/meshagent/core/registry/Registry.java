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

  /**
   * Connects and begins to list and watch. Called once.
   *
   * @param listener null if nobody asks where services are: then etcd is not asked either
   */
  void start(Listener listener);

  /** Lists everything afresh, and soon; the listener is told, or that the source is away. */
  void lookAgain();

  /**
   * A connection to an instance failed, or was lost: if the instance has a name, that may have
   * moved, and the name service is asked again soon. Every time; what is too often is left out.
   */
  default void connectionFailed(Instance instance) {}

  /**
   * The instance should be registered under the service, until {@link #withdraw}. May precede
   * start.
   */
  void register(String service, Instance instance);

  /** The instance should no longer be registered under the service. */
  void withdraw(String service, Instance instance);

  /**
   * Has somebody told of the documents beside the directory. Called once, before start. Where the
   * source has none, nothing is told.
   */
  default void documents(DocumentListener listener) {}

  /**
   * What this program has to say of the documents: it should stand beside them, until the end, in
   * place of what it said before. Of less weight than its instances: if the source does not take
   * it, nothing else is troubled.
   *
   * @param id what no other program has
   */
  default void report(String id, String text) {}

  /**
   * What this program has to say of the calls that it makes, as {@link #report}, but of even less
   * weight: where the source does not let it, nothing is said and nothing tried again.
   *
   * @param id what no other program has
   * @param text null if it says nothing any more
   */
  default void summary(String id, String text) {}

  /** How registration and directory stand, for metrics and the admin page. */
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

    /** What has changed since the last call, each service once; all else is as it was. */
    void changed(List<ServiceChange> changes);

    /**
     * Names have moved, so that these instances are at other addresses. Says nothing of the source,
     * which may be away.
     */
    default void moved(List<ServiceChange> changes) {}

    /**
     * The source can't be reached, or is not itself; what was told last stays valid. Said again
     * with each failed try. The next {@link #listed} or {@link #changed}, be it of nothing, says
     * that the source answers again.
     */
    void unreachable(String why);

    /**
     * Whether this program calls a service: where a source holds more than can be kept, what is
     * called is kept first. Any thread.
     */
    default boolean calls(String service) {
      return false;
    }
  }

  /** Who is told of documents. Called on one thread of the registry, in order; must not block. */
  interface DocumentListener {

    /**
     * All documents that there are.
     *
     * @param documents by name
     * @param listed whether they were read afresh, so that what is missing was not seen to go
     */
    void documents(Map<String, WrittenDocument> documents, boolean listed);
  }

  /** One document as somebody wrote it. Immutable. */
  final class WrittenDocument {
    private final long revision;
    private final String text;

    /**
     * @param text null if it is too long to be read
     */
    public WrittenDocument(long revision, String text) {
      this.revision = revision;
      this.text = text;
    }

    /** Grows with each change of any document. */
    public long revision() {
      return revision;
    }

    /** Null if it is too long to be read. */
    public String text() {
      return text;
    }
  }

  /** A moment's facts about this registry. Immutable. */
  final class Status {
    private final RegistrationStatus registration;
    private final FeedStatus feed;

    public Status(RegistrationStatus registration, FeedStatus feed) {
      this.registration = registration;
      this.feed = feed;
    }

    /** How our own entries stand. */
    public RegistrationStatus registration() {
      return registration;
    }

    /** How everybody's are followed. */
    public FeedStatus feed() {
      return feed;
    }
  }
}
