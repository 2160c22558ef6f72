package io.meshagent.core.registry.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Keys and values as go-kratos writes them: {@code <namespace>/<name>/<id>} and one line of JSON.
 * Stateless.
 */
final class KratosCodec {

  /** One program listens in a few places; each takes the memory of an instance. */
  private static final int MOST_ENDPOINTS = 16;

  private KratosCodec() {}

  static String key(String namespace, String service, String id) {
    return namespace + "/" + service + "/" + id;
  }

  /** Byte for byte what {@code json.Marshal} makes of kratos' ServiceInstance. */
  static String value(String id, String service, Instance instance) {
    Map<String, String> members = new LinkedHashMap<>();
    String version = instance.metadata().get(Metadata.VERSION);
    boolean secure = "https".equals(instance.scheme());
    members.put("id", GoJson.string(id));
    members.put("name", GoJson.string(service));
    members.put("version", GoJson.string(version == null ? "" : version));
    members.put("metadata", metadata(instance.metadata()));
    members.put(
        "endpoints",
        "["
            + GoJson.string("grpc://" + instance.hostPort() + (secure ? "?isSecure=true" : ""))
            + "]");
    return GoJson.object(members);
  }

  /**
   * Texts only, labels under their own names. What changes while an instance leaves is not in it:
   * kratos knows no draining, and its clients should see no change until the entry goes.
   */
  private static String metadata(Map<String, String> facts) {
    Map<String, String> metadata = new TreeMap<>();
    facts.forEach(
        (name, fact) -> {
          if (name.startsWith(InstanceCodec.LABEL)) {
            metadata.putIfAbsent(name.substring(InstanceCodec.LABEL.length()), GoJson.string(fact));
          }
        });
    facts.forEach(
        (name, fact) -> {
          if (!name.startsWith(InstanceCodec.LABEL)) {
            metadata.put(name, GoJson.string(fact));
          }
        });
    metadata.remove(Metadata.VERSION);
    metadata.remove(Metadata.SCHEME);
    metadata.remove(Metadata.DRAINING);
    return metadata.isEmpty() ? "null" : GoJson.object(metadata);
  }

  /**
   * The instances of a value, one for each endpoint that speaks gRPC; empty if it is none that we
   * can read.
   *
   * @param name the one in the key: kratos leaves out what says another
   */
  static List<Instance> instances(
      String name, String value, Function<HostPort, InetSocketAddress> addresses) {
    JsonObject json =
        value.length() > InstanceCodec.LONGEST_VALUE ? null : GoJson.parseObject(value.trim());
    boolean named = json != null && name.equals(JsonFacts.text(JsonFacts.member(json, "name")));
    return named && isOne(json) ? instances(json, addresses) : Collections.emptyList();
  }

  /** Whether it looks like an instance. */
  static boolean isOne(JsonObject json) {
    JsonElement endpoints = JsonFacts.member(json, "endpoints");
    return endpoints != null && endpoints.isJsonArray();
  }

  static List<Instance> instances(
      JsonObject json, Function<HostPort, InetSocketAddress> addresses) {
    List<Instance> instances = new ArrayList<>();
    for (JsonElement endpoint : JsonFacts.member(json, "endpoints").getAsJsonArray()) {
      URI uri = uri(JsonFacts.text(endpoint));
      if (uri == null || !"grpc".equals(uri.getScheme()) || uri.getRawAuthority() == null) {
        continue;
      }
      Map<String, String> facts = new TreeMap<>(JsonFacts.flat(JsonFacts.member(json, "metadata")));
      String version = JsonFacts.text(JsonFacts.member(json, "version"));
      if (version != null && !version.isEmpty()) {
        facts.putIfAbsent(Metadata.VERSION, version);
      }
      boolean secure = uri.getQuery() != null && uri.getQuery().contains("isSecure=true");
      facts.put(Metadata.SCHEME, secure ? "https" : "http");
      Instance instance = InstanceCodec.at(uri.getRawAuthority(), facts, addresses);
      if (instance != null) {
        instances.add(instance);
      }
      if (instances.size() == MOST_ENDPOINTS) {
        break;
      }
    }
    return instances;
  }

  private static URI uri(String text) {
    try {
      return text == null ? null : new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
