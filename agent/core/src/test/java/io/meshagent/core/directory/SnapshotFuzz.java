package io.meshagent.core.directory;

import io.meshagent.core.api.Instance;
import io.meshagent.core.fuzz.FuzzTarget;
import io.meshagent.core.fuzz.FuzzedNames;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.run.ManualLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A directory on disk that anybody may have written. */
public final class SnapshotFuzz implements FuzzTarget {

  private static final String HEAD =
      "mesh-agent directory 1\nsource etcd\nwritten 2030-01-01T12:00:03Z\nentries ";
  private static final DirectoryLimits LIMITS = new DirectoryLimits(20, 50, 1);

  @Override
  public List<String> samples() {
    List<String> samples = new ArrayList<>();
    samples.add(HEAD + "1\na.B {\"Op\":0,\"Addr\":\"127.0.0.1:1\",\"Metadata\":null}\n");
    samples.add(HEAD + "2\na.B 10.0.0.1:1\nodd+name [fe80::1]:3\n");
    samples.add(
        HEAD + "1\na.B {\"Addr\":\"x.y:1\",\"Mesh\":{\"zone\":\"z\",\"labels\":{\"a\":1}}}");
    StringBuilder many = new StringBuilder(HEAD).append("90\n");
    for (int i = 0; i < 90; i++) {
      many.append("s").append(i % 3).append(" 127.0.0.1:").append(i + 1).append('\n');
    }
    samples.add(many.toString());
    return samples;
  }

  @Override
  public void take(byte[] input, Random random, Path folder) throws IOException {
    SnapshotFile file = new SnapshotFile(folder.resolve("s"), "etcd", LIMITS, FuzzedNames::resolve);
    SnapshotFile.Content content;
    try {
      file.write(Map.of(), Instant.EPOCH);
      Files.write(file.path(), input);
      content = file.read();
    } catch (SnapshotFile.Unusable e) {
      return;
    }
    Directory directory = new Directory(1, 1_000_000_000L, new ManualLoop(), 0, null);
    directory.listed(content.services());
    int instances = 0;
    for (List<Instance> some : directory.view().snapshot().values()) {
      instances += some.size();
      some.forEach(instance -> FuzzedNames.check(instance.address()));
    }
    if (instances > LIMITS.inAll()) {
      throw new AssertionError(instances + " instances");
    }
  }
}
