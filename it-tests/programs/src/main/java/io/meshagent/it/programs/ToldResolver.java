package io.meshagent.it.programs;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The resolver of {@code told:///host:port}: knows that address, and says it with a balancing
 * policy when it is told to, or that it failed. Thread-safe as far as one channel needs it.
 */
final class ToldResolver extends NameResolver {

  private static final List<ToldResolver> ALL = new CopyOnWriteArrayList<>();

  private final URI target;
  private final Args args;

  /** Volatile: gRPC sets it, the program's own thread reads it. */
  private volatile Listener2 listener;

  private ToldResolver(URI target, Args args) {
    this.target = target;
    this.args = args;
  }

  static void register() {
    NameResolverRegistry.getDefaultRegistry().register(new Provider());
  }

  /**
   * All of them answer.
   *
   * @param policy the name of one for the service config, empty for none, {@code fails} for a
   *     resolver that fails
   */
  static void tell(String policy) {
    for (ToldResolver each : ALL) {
      each.answer(policy);
    }
  }

  private void answer(String policy) {
    if (policy.equals("fails")) {
      listener.onError(Status.UNAVAILABLE.withDescription("it was told to fail"));
      return;
    }
    String address = target.getPath().substring(1);
    int colon = address.lastIndexOf(':');
    int port = Integer.parseInt(address.substring(colon + 1));
    ResolutionResult.Builder result =
        ResolutionResult.newBuilder()
            .setAddresses(
                Collections.singletonList(
                    new EquivalentAddressGroup(
                        new InetSocketAddress(address.substring(0, colon), port))));
    if (!policy.isEmpty()) {
      result.setServiceConfig(args.getServiceConfigParser().parseServiceConfig(balancedBy(policy)));
    }
    listener.onResult(result.build());
  }

  /** A service config that names this policy. */
  static Map<String, Object> balancedBy(String policy) {
    return Collections.singletonMap(
        "loadBalancingConfig",
        Collections.singletonList(Collections.singletonMap(policy, Collections.emptyMap())));
  }

  @Override
  public String getServiceAuthority() {
    return "told";
  }

  @Override
  public void start(Listener2 toTell) {
    listener = toTell;
    ALL.add(this);
  }

  @Override
  public void shutdown() {
    ALL.remove(this);
  }

  private static final class Provider extends NameResolverProvider {

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 5;
    }

    @Override
    public String getDefaultScheme() {
      return "told";
    }

    @Override
    public NameResolver newNameResolver(URI target, Args args) {
      return getDefaultScheme().equals(target.getScheme()) ? new ToldResolver(target, args) : null;
    }
  }
}
