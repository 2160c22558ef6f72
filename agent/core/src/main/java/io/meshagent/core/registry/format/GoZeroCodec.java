package io.meshagent.core.registry.format;

import io.meshagent.core.api.Instance;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Keys and values as go-zero writes them: {@code <Key>/<id>}, the id a positive number, and a bare
 * {@code host:port}. Its clients take every value below their key for an address and use nothing
 * else. Stateless.
 */
final class GoZeroCodec {

  private GoZeroCodec() {}

  /**
   * @param prefix what stands before the service; may be empty
   */
  static String key(String prefix, String service, long id) {
    return (prefix.isEmpty() ? "" : prefix + "/") + service + "/" + (id & Long.MAX_VALUE);
  }

  static String value(Instance instance) {
    return instance.hostPort();
  }

  /** The one instance; empty for anything but an address. */
  static List<Instance> instances(String value, Function<HostPort, InetSocketAddress> addresses) {
    Instance instance =
        value.length() > InstanceCodec.LONGEST_VALUE
            ? null
            : InstanceCodec.at(value.trim(), Collections.emptyMap(), addresses);
    return instance == null ? Collections.emptyList() : Collections.singletonList(instance);
  }
}
