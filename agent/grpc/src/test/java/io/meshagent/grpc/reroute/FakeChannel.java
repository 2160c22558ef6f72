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
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;

/** What a channel is to its balancer; nothing of it moves by itself, and no time passes. */
final class FakeChannel extends LoadBalancer.Helper {

  /** A connection of it. */
  static final class Open extends Subchannel {
    final EquivalentAddressGroup addresses;
    LoadBalancer.SubchannelStateListener listener;
    boolean closed;

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
    public void requestConnection() {}

    @Override
    public Attributes getAttributes() {
      return Attributes.EMPTY;
    }
  }

  private static final class Nothing implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public String parse(InputStream stream) {
      return "";
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

  private final ScheduledExecutorService never = nothing(ScheduledExecutorService.class);
  private final SynchronizationContext sync =
      new SynchronizationContext(
          (thread, error) -> {
            throw new AssertionError(error);
          });

  /** Whatever is asked of it, nothing is done; a scheduled task is never due. */
  private static <T> T nothing(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            FakeChannel.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                method.getReturnType() == ScheduledFuture.class
                    ? nothing(ScheduledFuture.class)
                    : method.getReturnType() == boolean.class ? false : null));
  }

  static MethodDescriptor<String, String> method(String name) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(name)
        .setRequestMarshaller(new Nothing())
        .setResponseMarshaller(new Nothing())
        .build();
  }

  /** All connections that are not up yet come up. */
  void connect() {
    sync.execute(
        () ->
            new ArrayList<>(opened)
                .forEach(
                    open ->
                        open.listener.onSubchannelState(
                            ConnectivityStateInfo.forNonError(ConnectivityState.READY))));
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
