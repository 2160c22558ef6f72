package io.meshagent.core.registry.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The bytes of keys and values. We write what etcd's own naming package for Go writes, with a
 * member of our own behind it, and read that, a bare {@code host:port} and go-kratos' JSON.
 * Stateless. Reading an entry with a host name asks the name service, so it belongs on a registry's
 * thread.
 */
public final class InstanceCodec {

  /** What a label of the application is called among the facts of {@link Instance#metadata}. */
  public static final String LABEL = "label.";

  /**
   * The member that holds our facts. They stand beside etcd's {@code Metadata}, which stays null:
   * its resolver for Go puts an object from there into addresses that gRPC for Go hashes and
   * compares, and the whole client panics.
   */
  private static final String FACTS = "Mesh";

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  /** In characters, and where a value comes as bytes in these: no instance has so much to say. */
  public static final int LONGEST_VALUE = 64 * 1024;

  /** More would take many times the memory of the value that they stand in. */
  private static final int MOST_FACTS = 256;

  private InstanceCodec() {}

  /** {@code <prefix>/<service>/<host>:<port>}. */
  public static String key(String prefix, String service, Instance instance) {
    return prefix + "/" + service + "/" + instance.hostPort();
  }

  /**
   * The service that a key belongs to: what stands between the prefix and the next slash. Null if
   * the key is not below the prefix or names no entry of a service.
   */
  public static String service(String prefix, String key) {
    if (!key.startsWith(prefix + "/")) {
      return null;
    }
    int from = prefix.length() + 1;
    int to = key.indexOf('/', from);
    return to <= from || to == key.length() - 1 ? null : key.substring(from, to);
  }

  /** The value of an entry, one line of JSON. */
  public static String value(Instance instance) {
    StringBuilder out = new StringBuilder(256);
    out.append("{\"Op\":0,\"Addr\":");
    GoJson.string(out, instance.hostPort());
    out.append(",\"Metadata\":null");
    if (!instance.metadata().isEmpty()) {
      out.append(",\"" + FACTS + "\":").append(facts(instance.metadata()));
    }
    return out.append('}').toString();
  }

  private static String facts(Map<String, String> metadata) {
    Map<String, String> facts = new TreeMap<>();
    Map<String, String> labels = new TreeMap<>();
    metadata.forEach(
        (name, fact) -> {
          if (name.startsWith(LABEL)) {
            labels.put(name.substring(LABEL.length()), GoJson.string(fact));
          } else if (name.equals(Metadata.WEIGHT) && NUMBER.matcher(fact).matches()) {
            facts.put(name, fact);
          } else {
            facts.put(name, GoJson.string(fact));
          }
        });
    if (!labels.isEmpty()) {
      facts.put("labels", GoJson.object(labels));
    }
    return GoJson.object(facts);
  }

  /** The instance that a value describes, or null if it is none that we can read. */
  public static Instance instance(String value) {
    return instance(value, HostPort::resolve);
  }

  /**
   * The same.
   *
   * @param addresses says where an entry's host is
   */
  public static Instance instance(String value, Function<HostPort, InetSocketAddress> addresses) {
    if (value.length() > LONGEST_VALUE) {
      return null;
    }
    String text = value.trim();
    if (!text.startsWith("{")) {
      return at(text, Collections.emptyMap(), addresses);
    }
    JsonObject json = GoJson.parseObject(text);
    if (json == null) {
      return null;
    }
    if (JsonFacts.member(json, "Addr") == null && KratosCodec.isOne(json)) {
      List<Instance> instances = KratosCodec.instances(json, addresses);
      return instances.isEmpty() ? null : instances.get(0);
    }
    return naming(json, addresses);
  }

  static Instance at(
      String hostPort,
      Map<String, String> metadata,
      Function<HostPort, InetSocketAddress> addresses) {
    HostPort parsed = metadata.size() > MOST_FACTS ? null : HostPort.parse(hostPort);
    return parsed == null
        ? null
        : new Instance(parsed.host(), parsed.port(), addresses.apply(parsed), metadata);
  }

  private static Instance naming(JsonObject json, Function<HostPort, InetSocketAddress> addresses) {
    JsonElement op = JsonFacts.member(json, "Op");
    boolean number = op == null || op.isJsonNull() || JsonFacts.isNumber(op);
    String address = JsonFacts.text(JsonFacts.member(json, "Addr"));
    return !number || address == null ? null : at(address, facts(json), addresses);
  }

  /** Ours, or what another writer says of itself where Go's package has its place for it. */
  private static Map<String, String> facts(JsonObject json) {
    return JsonFacts.flat(json.has(FACTS) ? json.get(FACTS) : JsonFacts.member(json, "Metadata"));
  }

  /** When the instance says that it started, milliseconds since 1970; 0 if it does not say. */
  public static long started(Instance instance) {
    return millis(instance.metadata().get(Metadata.STARTED));
  }

  /** The same of a value as it stands in the registry; asks no name service. */
  public static long started(String value) {
    JsonObject json = GoJson.parseObject(value);
    return json == null ? 0 : millis(facts(json).get(Metadata.STARTED));
  }

  private static long millis(String started) {
    try {
      return started == null ? 0 : Long.parseLong(started);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
