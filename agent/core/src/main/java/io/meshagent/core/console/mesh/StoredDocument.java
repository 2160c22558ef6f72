package io.meshagent.core.console.mesh;

import io.meshagent.core.config.Audience;
import io.meshagent.core.config.Drains;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import java.util.Map;

/** A document as somebody wrote it, without its text. Immutable. */
final class StoredDocument {

  final String name;
  final long revision;

  /** For whom it is, as its lines say, by their names. */
  final Map<String, String> audience;

  /** What it says of drains; null if nothing. */
  final Drains drains;

  StoredDocument(String folder, EtcdEntry entry) {
    this.name = entry.key().substring(folder.length());
    this.revision = entry.revision();
    this.audience = Audience.lines(entry.value());
    this.drains = Drains.inDocument(entry.value());
  }
}
