package io.meshagent.core.registry.format;

import io.meshagent.core.api.Instance;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Reads the keys and values below one prefix. Immutable. Where a host is it asks its caller, who
 * may have to ask the name service.
 */
public final class EntryReader {

  private final EntryFormat format;
  private final String prefix;

  /** All entries belong to it; null if the first segment of each key says the service. */
  private final String service;

  /** The name that kratos' entries have to say; null if it is the service. */
  private final String name;

  public EntryReader(EntrySource source) {
    this.format = source.format();
    this.prefix = source.prefix();
    // A key of go-zero's implies no service; without being told we take it for one.
    boolean keyIsService = format == EntryFormat.GO_ZERO && source.service() == null;
    this.service = keyIsService ? prefix : source.service();
    this.name = service == null ? null : prefix.substring(prefix.lastIndexOf('/') + 1);
  }

  /** Without a slash at the end. */
  public String prefix() {
    return prefix;
  }

  /** The service that a key belongs to; null if it is no entry of one. */
  public String service(String key) {
    if (service == null) {
      return InstanceCodec.service(prefix, key);
    }
    boolean below = key.startsWith(prefix) && key.startsWith("/", prefix.length());
    return below && key.length() > prefix.length() + 1 ? service : null;
  }

  /**
   * The instances that a value describes; empty if it is none that we can read.
   *
   * @param ofService what {@link #service} said of the key
   * @param addresses says where an entry's host is
   */
  public List<Instance> instances(
      String ofService, String value, Function<HostPort, InetSocketAddress> addresses) {
    switch (format) {
      case GO_ZERO:
        return GoZeroCodec.instances(value, addresses);
      case KRATOS:
        return KratosCodec.instances(name == null ? ofService : name, value, addresses);
      default:
        Instance instance = InstanceCodec.instance(value, addresses);
        return instance == null ? Collections.emptyList() : Collections.singletonList(instance);
    }
  }

  /** What the entries should be, for people: {@code go-zero}. */
  public String format() {
    return format.word();
  }
}
