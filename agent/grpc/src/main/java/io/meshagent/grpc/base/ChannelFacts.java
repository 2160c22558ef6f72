package io.meshagent.grpc.base;

import io.meshagent.core.api.Service;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * What is decided once for a channel, and what connects its two hooks: a call says which service it
 * wants before the channel's balancer is asked. Must not refer to the channel for longer than the
 * channel is active, see {@link IdentityCache}.
 */
public final class ChannelFacts {

  private final String target;
  private final boolean governed;
  private final boolean reroutable;
  private final String scheme;

  /** The channel holds it. It may hold the channel in turn, so that we must not. */
  private final WeakReference<Executor> executor;

  private final ShutdownWatch shutdown;
  private final Set<Service> calledServices = ConcurrentHashMap.newKeySet();

  /** Volatile: set in the channel's sync context, read by calls. Null while the channel is idle. */
  private volatile ServiceListener listener;

  /** Who wants to know of a service that the channel is asked for. */
  public interface ServiceListener {

    /**
     * A call for this service is about to start. Any thread; cheap for a service known already.
     *
     * @return whether it has to be known which call an attempt belongs to
     */
    boolean serviceCalled(Service service);
  }

  ChannelFacts(
      String target,
      boolean governed,
      boolean reroutable,
      String scheme,
      Executor executor,
      ShutdownWatch shutdown) {
    this.shutdown = shutdown;
    this.target = target;
    this.governed = governed;
    this.reroutable = reroutable;
    this.scheme = scheme;
    this.executor = new WeakReference<>(executor);
  }

  /** What the program built the channel for, as it wrote it. */
  public String target() {
    return target;
  }

  /** Whether calls of this channel pass the pipeline at all. */
  public boolean isGoverned() {
    return governed;
  }

  /**
   * Whether calls of this channel may go to instances of the directory, if a policy of gRPC's own
   * balances it.
   */
  public boolean isReroutable() {
    return reroutable;
  }

  /** {@code http}, {@code https} or null; only instances of an equal scheme are reachable. */
  public String scheme() {
    return scheme;
  }

  /** Where the program expects a call's listener to be called when it named no executor. */
  public Executor executor() {
    Executor live = executor.get();
    return live != null ? live : Runnable::run;
  }

  /** Tells calls that wait before they start, and that the channel knows nothing of. */
  public ShutdownWatch shutdown() {
    return shutdown;
  }

  /**
   * A call for the service is about to start.
   *
   * @return as {@link ServiceListener#serviceCalled}; false for the first call of a channel that is
   *     idle, which has no route yet
   */
  public boolean serviceCalled(Service service) {
    ServiceListener to = listener;
    if (to == null) {
      calledServices.add(service);
      // Whoever came meanwhile may have looked before that.
      to = listener;
    }
    return to != null && to.serviceCalled(service);
  }

  /** The services that were asked for while the channel was idle. */
  public Set<Service> calledServices() {
    return calledServices;
  }

  public void tellOfServices(ServiceListener newListener) {
    listener = newListener;
  }
}
