package io.meshagent.core.registry.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.meshagent.core.api.Instance;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import io.meshagent.core.directory.Directory;
import io.meshagent.core.fuzz.FuzzTarget;
import io.meshagent.core.fuzz.FuzzedNames;
import io.meshagent.core.registry.AffectedInstances;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.format.EntryReader;
import io.meshagent.core.registry.format.HostPort;
import io.meshagent.core.run.ManualLoop;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Keys and values in etcd, in every format that is read. */
public final class EtcdEntriesFuzz implements FuzzTarget {

  private static final DirectoryLimits LIMITS = new DirectoryLimits(5, 12, 1);
  private static final String[] PREFIXES = {
    "/services/a.B/", "/services/", "/kratos/a.B/", "zero/"
  };

  private final List<EtcdInstances> directories =
      List.of(
          directory(EntryFormat.ETCD, "/services", null),
          directory(EntryFormat.ETCD, "/services", "a.B"),
          directory(EntryFormat.KRATOS, "/kratos", null),
          directory(EntryFormat.KRATOS, "/kratos/a.B", "c.D"),
          directory(EntryFormat.GO_ZERO, "zero", null));

  /** What the last inputs were, as a list of etcd would have them. */
  private final List<EtcdEntry> entries = new ArrayList<>();

  private final Directory told = new Directory(1, 1_000_000_000L, new ManualLoop(), 0, null);

  private static EtcdInstances directory(EntryFormat format, String prefix, String service) {
    return new EtcdInstances(
        new EntryReader(new EntrySource(format, prefix, service)),
        new HostAddresses(EtcdEntriesFuzz::resolve, () -> 0),
        LIMITS);
  }

  private static List<InetSocketAddress> resolve(HostPort at) {
    InetSocketAddress address = FuzzedNames.resolve(at);
    return address.isUnresolved() ? List.of() : List.of(address);
  }

  @Override
  public List<String> samples() {
    return List.of(
        "{\"Op\":0,\"Addr\":\"127.0.0.1:1\",\"Metadata\":null}",
        "{\"Op\":0,\"Addr\":\"[fd00::7]:1\",\"Metadata\":{\"zone\":\"z\",\"labels\":{\"a\":\"b\"}}}",
        "{\"Op\":0,\"Addr\":\"some.name:1\",\"Metadata\":null,\"Mesh\":{\"zone\":\"z\",\"weight\":3,"
            + "\"started\":\"1700000000000\",\"draining\":\"true\",\"labels\":{\"a\":\"b\"}}}",
        "10.0.0.1:50051",
        "{\"id\":\"1\",\"name\":\"a.B\",\"version\":\"v\",\"metadata\":{\"a\":\"b\"},"
            + "\"endpoints\":[\"grpc://10.0.0.1:9000?isSecure=true\",\"http://10.0.0.1:8000\"]}");
  }

  @Override
  public void take(byte[] input, Random random, Path folder) {
    byte[] prefix = PREFIXES[random.nextInt(PREFIXES.length)].getBytes(StandardCharsets.UTF_8);
    ByteString tail =
        random.nextInt(4) == 0
            ? ByteString.copyFrom(input)
            : ByteString.copyFromUtf8("10.0.0.1:" + random.nextInt(40));
    KeyValue kv =
        KeyValue.newBuilder()
            .setKey(ByteString.copyFrom(prefix).concat(tail))
            .setValue(ByteString.copyFrom(input))
            .setModRevision(1 + entries.size())
            .build();
    EtcdEntry entry = random.nextInt(5) == 0 ? EtcdEntry.deleted(kv) : EtcdEntry.of(kv);
    if (!entry.isDeleted()) {
      entries.add(entry);
    }
    boolean list = random.nextInt(20) == 0;
    for (EtcdInstances directory : directories) {
      if (list) {
        directory.beginList();
        directory.add(entries);
        directory.endList();
        told.listed(directory.all());
      } else {
        AffectedInstances affected = new AffectedInstances();
        directory.apply(entry, affected);
        told.changed(directory.changes(affected));
      }
      check(directory.all());
    }
    if (entries.size() > 60) {
      entries.clear();
    }
    told.view().snapshot().values().forEach(EtcdEntriesFuzz::checkAddresses);
  }

  private static void checkAddresses(List<Instance> instances) {
    instances.forEach(instance -> FuzzedNames.check(instance.address()));
  }

  private static void check(Map<String, List<Instance>> all) {
    int instances = 0;
    long texts = 0;
    for (List<Instance> some : all.values()) {
      instances += some.size();
      for (Instance instance : some) {
        for (Map.Entry<String, String> fact : instance.metadata().entrySet()) {
          texts += fact.getKey().length() + fact.getValue().length();
        }
      }
      if (some.size() > LIMITS.ofService()) {
        throw new AssertionError(some + " are too many of a service");
      }
    }
    if (instances > LIMITS.inAll() || texts > LIMITS.bytes()) {
      throw new AssertionError(instances + " instances with " + texts + " characters");
    }
  }
}
