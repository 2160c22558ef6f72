package io.meshagent.core.engine;

import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.EntrySource;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.directory.DiskSnapshot;
import io.meshagent.core.registry.local.OwnedFolder;
import io.meshagent.core.run.ThreadLoop;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Where the directory is kept on disk, and whose it is. Touches no disk. */
final class Snapshots {

  private Snapshots() {}

  /** Null where nothing is to be kept; the local registry is on disk already. */
  static DiskSnapshot of(CurrentSettings settings) {
    List<String> endpoints = settings.once(RegistryKeys.ETCD_ENDPOINTS);
    if (endpoints.isEmpty() || !settings.once(RegistryKeys.DISCOVER_SNAPSHOT_ENABLED)) {
      return null;
    }
    String configured = settings.once(RegistryKeys.DISCOVER_SNAPSHOT_DIR);
    Path directory =
        configured.isEmpty() ? OwnedFolder.ofUser("-snapshots") : Paths.get(configured);
    return new DiskSnapshot(
        directory,
        source(settings),
        EtcdFromSettings.limits(settings),
        ThreadLoop.named("snapshot"),
        Instant::now);
  }

  /** Everything that decides what the directory holds, so that no other mesh's file is taken. */
  static String source(CurrentSettings settings) {
    String namespace = settings.once(RegistryKeys.ETCD_NAMESPACE);
    List<EntrySource> others = settings.once(RegistryKeys.REGISTRY_READ);
    // The order of the endpoints makes no other etcd of it.
    return "etcd "
        + settings.once(RegistryKeys.ETCD_ENDPOINTS).stream()
            .sorted()
            .collect(Collectors.joining(","))
        + (namespace.isEmpty() ? "" : " namespace " + namespace)
        + " prefix "
        + settings.once(RegistryKeys.ETCD_PREFIX)
        + (others.isEmpty() ? "" : " and " + others);
  }
}
