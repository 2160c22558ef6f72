package io.meshagent.grpc.reroute;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolver;
import io.grpc.SynchronizationContext;
import io.meshagent.grpc.base.TestMethods;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** What a channel is to its balancer; nothing of it moves by itself, and time passes when told. */
final class FakeChannel extends LoadBalancer.Helper {

  /** By the names of gRPC's own, where the agent looks for them. */
  @SuppressWarnings("unused")
  static final class OkHttpClientTransport {
    int maxConcurrentStreams = Integer.MAX_VALUE;
  }

  /** The same. */
  @SuppressWarnings("unused")
  static final class Streams {
    boolean any;

    boolean isInUse() {
      return any;
    }
  }

  /** The same. */
  static final class Inner {
    final OkHttpClientTransport activeTransport = new OkHttpClientTransport();
    final Streams inUseStateAggregator = new Streams();
  }

  /** A connection of it. */
  static final class Open extends Subchannel {
    final EquivalentAddressGroup addresses;
    final Inner subchannel = new Inner();
    LoadBalancer.SubchannelStateListener listener;
    boolean closed;
    boolean requested;
    boolean connected;

    Open(List<EquivalentAddressGroup> addresses) {
      this.addresses = addresses.get(0);
    }

    int port() {
      return ((InetSocketAddress) addresses.getAddresses().get(0)).getPort();
    }

    @Override
    public void start(LoadBalancer.SubchannelStateListener stateListener) {
      listener = stateListener;
    }

    @Override
    public void shutdown() {
      closed = true;
    }

    @Override
    public void requestConnection() {
      requested = true;
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.EMPTY;
    }
  }

  private static final class Args extends PickSubchannelArgs {
    private final MethodDescriptor<?, ?> method;
    private final CallOptions options;
    private final Metadata headers;

    Args(MethodDescriptor<?, ?> method, CallOptions options, Metadata headers) {
      this.method = method;
      this.options = options;
      this.headers = headers;
    }

    @Override
    public CallOptions getCallOptions() {
      return options;
    }

    @Override
    public Metadata getHeaders() {
      return headers;
    }

    @Override
    public MethodDescriptor<?, ?> getMethodDescriptor() {
      return method;
    }
  }

  final List<Open> opened = new ArrayList<>();
  final MethodDescriptor<String, String> method = method("a.B/C");
  SubchannelPicker picker;
  int published;

  /** How many streams a peer takes at once, of connections from now on. */
  int streams = Integer.MAX_VALUE;

  /** Of all that was ever scheduled, milliseconds. */
  final List<Long> delays = new ArrayList<>();

  private final List<Runnable> timers = new ArrayList<>();
  private final ScheduledExecutorService never = nothing(ScheduledExecutorService.class);
  private final SynchronizationContext sync =
      new SynchronizationContext(
          (thread, error) -> {
            throw new AssertionError(error);
          });

  /** Whatever is asked of it, nothing is done; a scheduled task is due when a test says so. */
  private <T> T nothing(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            FakeChannel.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (called.getName().equals("schedule")) {
                timers.add((Runnable) arguments[0]);
                delays.add(((TimeUnit) arguments[2]).toMillis((Long) arguments[1]));
              }
              return called.getReturnType() == ScheduledFuture.class
                  ? nothing(ScheduledFuture.class)
                  : called.getReturnType() == boolean.class ? false : null;
            }));
  }

  /** All that waits for its time is due. */
  void timeIsUp() {
    List<Runnable> due = new ArrayList<>(timers);
    timers.clear();
    due.forEach(Runnable::run);
  }

  /** Those that are being opened now. */
  List<Open> opening() {
    List<Open> opening = new ArrayList<>();
    for (Open open : opened) {
      if (open.requested && !open.connected && !open.closed) {
        opening.add(open);
      }
    }
    return opening;
  }

  /** One of them comes up. */
  void connect(Open open) {
    open.connected = true;
    open.subchannel.activeTransport.maxConcurrentStreams = streams;
    sync.execute(
        () ->
            open.listener.onSubchannelState(
                ConnectivityStateInfo.forNonError(ConnectivityState.READY)));
  }

  static MethodDescriptor<String, String> method(String name) {
    return TestMethods.unary(name);
  }

  /** All connections that are not up yet come up. */
  void connect() {
    new ArrayList<>(opened).forEach(this::connect);
  }

  PickResult pick() {
    return pick(CallOptions.DEFAULT, new Metadata());
  }

  PickResult pick(CallOptions options, Metadata headers) {
    return picker.pickSubchannel(new Args(method, options, headers));
  }

  /** The port where the pick leads; 0 if nowhere. */
  static int port(PickResult picked) {
    return picked.getSubchannel() == null ? 0 : ((Open) picked.getSubchannel()).port();
  }

  @Override
  public Subchannel createSubchannel(CreateSubchannelArgs args) {
    opened.add(new Open(args.getAddresses()));
    return opened.get(opened.size() - 1);
  }

  @Override
  public void updateBalancingState(ConnectivityState state, SubchannelPicker newPicker) {
    picker = newPicker;
    published++;
  }

  @Override
  public SynchronizationContext getSynchronizationContext() {
    return sync;
  }

  @Override
  public ScheduledExecutorService getScheduledExecutorService() {
    return never;
  }

  @Override
  public ManagedChannel createOobChannel(EquivalentAddressGroup group, String authority) {
    throw new UnsupportedOperationException();
  }

  @Override
  @SuppressWarnings("deprecation") // abstract in the floor's version
  public NameResolver.Factory getNameResolverFactory() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String getAuthority() {
    return "fake";
  }
}
