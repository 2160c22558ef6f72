package io.meshagent.grpc.base;

import io.meshagent.core.api.Copies;
import io.meshagent.core.api.KnownChannel;
import io.meshagent.core.api.Service;
import io.meshagent.core.call.CallPlan;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is decided once for a channel, and what connects its two hooks: a call says which service it
 * wants before the channel's balancer is asked. Must not refer to the channel for longer than the
 * channel is active, see {@link IdentityCache}.
 */
public final class ChannelFacts {

  /** So many plans are told from each other: methods of a few services. */
  private static final int MOST_PASSED = 16;

  private static final AtomicLong CHANNELS = new AtomicLong();

  private final String number = Long.toString(CHANNELS.incrementAndGet(), Character.MAX_RADIX);
  private final String target;
  private final KnownChannel known;
  private final boolean governed;
  private final boolean reroutable;
  private final String scheme;
  private final boolean repeating;

  /** The channel holds it. It may hold the channel in turn, so that we must not. */
  private final WeakReference<Executor> executor;

  private final ShutdownWatch shutdown;

  /** Volatile: replaced as a whole, read by calls. What was told of already. */
  private volatile CallPlan[] passed = {};

  private final Set<Service> calledServices = ConcurrentHashMap.newKeySet();

  /** Volatile: set in the channel's sync context, read by calls. Null while the channel is idle. */
  private volatile ServiceListener listener;

  /**
   * Volatile, as that. Whether somebody has ever listened: with a gRPC that can't be rerouted
   * nobody does, and its calls are not to ask for routes.
   */
  private volatile boolean toldOnce;

  /** Who wants to know of a service that the channel is asked for. */
  public interface ServiceListener {

    /**
     * A call for this service is about to start. Any thread; cheap for a service known already.
     *
     * @return whether it has to be known which call an attempt belongs to: by which rule it goes,
     *     or when it ends, since the stream of one that waited may be dropped without a word
     */
    boolean serviceCalled(Service service);

    /** A copy of a call is to be sent; its end is told. Any thread; returns at once. */
    default void copy(CopiedCall call) {
      call.to().unsent(Copies.End.NO_INSTANCE);
    }
  }

  /** What is true of a channel as it was built. */
  enum Trait {
    /** Its calls pass the pipeline. */
    GOVERNED,
    /** Its calls may go to instances of the directory. */
    REROUTABLE,
    /** Its program has not switched gRPC's retries off, or has switched them on. */
    REPEATING
  }

  ChannelFacts(
      String target,
      KnownChannel known,
      String scheme,
      Set<Trait> traits,
      Executor executor,
      ShutdownWatch shutdown) {
    this.shutdown = shutdown;
    this.target = target;
    this.known = known;
    this.governed = traits.contains(Trait.GOVERNED);
    this.reroutable = traits.contains(Trait.REROUTABLE);
    this.repeating = traits.contains(Trait.REPEATING);
    this.scheme = scheme;
    this.executor = new WeakReference<>(executor);
  }

  /** Tells it from all others there were, without holding any of it. */
  public String number() {
    return number;
  }

  /** What the program built the channel for, as it wrote it. */
  public String target() {
    return target;
  }

  /** The same channel as the engine knows it. */
  public KnownChannel known() {
    return known;
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

  /** Whether gRPC can retry and hedge the channel's calls; else the program has it switched off. */
  public boolean isRepeating() {
    return repeating;
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
   * @return as {@link ServiceListener#serviceCalled}; calls of a channel that is idle will wait
   */
  public boolean serviceCalled(Service service) {
    ServiceListener to = listener;
    boolean mayBeRouted = toldOnce;
    if (to == null) {
      mayBeRouted |= calledServices.add(service);
      // Whoever came meanwhile may have looked before that.
      to = listener;
    }
    if (to != null) {
      return to.serviceCalled(service);
    }
    return mayBeRouted;
  }

  /** A copy of a call is to be sent to an instance that this channel is connected to. */
  public void copy(CopiedCall call) {
    ServiceListener to = listener;
    if (to == null) {
      call.to().unsent(Copies.End.NO_INSTANCE);
    } else {
      to.copy(call);
    }
  }

  /** A call that follows this plan goes the channel's own way. Cheap where that is known. */
  public void passes(CallPlan plan) {
    CallPlan[] all = passed;
    for (CallPlan each : all) {
      if (each == plan) {
        return;
      }
    }
    if (all.length < MOST_PASSED && plan.isKept()) {
      CallPlan[] more = Arrays.copyOf(all, all.length + 1);
      more[all.length] = plan;
      passed = more;
      String method = plan.method();
      known.passes(method.substring(0, Math.max(0, method.lastIndexOf('/'))));
    }
  }

  /** The services that were asked for while the channel was idle. */
  public Set<Service> calledServices() {
    return calledServices;
  }

  public void tellOfServices(ServiceListener newListener) {
    toldOnce = true;
    listener = newListener;
  }
}
