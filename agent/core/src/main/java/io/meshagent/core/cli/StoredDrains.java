package io.meshagent.core.cli;

import io.meshagent.core.api.Instance;
import io.meshagent.core.config.Drains;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Printable;
import io.meshagent.core.registry.Registry.WrittenDocument;
import io.meshagent.core.registry.etcd.EtcdUnavailable;
import io.meshagent.core.registry.etcd.StoredDocuments;
import io.meshagent.core.registry.etcd.access.ConfiguredEtcd;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What the documents in etcd say of drained instances. Stateless. */
final class StoredDrains {

  private StoredDrains() {}

  /**
   * What is drained in some program at least.
   *
   * @param err where it is said that it can't be read
   * @return none where there is no etcd, or it does not answer
   */
  static Drains read(Settings settings, PrintStream err) {
    if (settings.get(RegistryKeys.ETCD_ENDPOINTS).isEmpty()) {
      return Drains.NONE;
    }
    try (StoredDocuments stored =
        new StoredDocuments(
            ConfiguredEtcd.of(settings), settings.get(RegistryKeys.DOCUMENTS_PREFIX))) {
      return of(stored.documents());
    } catch (EtcdUnavailable e) {
      err.println(
          Printable.of("Which instances are drained can't be read: " + e.getMessage() + "."));
      return Drains.NONE;
    }
  }

  /** The same of documents by their names. */
  static Drains of(Map<String, WrittenDocument> documents) {
    return Drains.inDocuments(
        documents.values().stream()
            .map(WrittenDocument::text)
            .filter(Objects::nonNull)
            .collect(Collectors.toList()));
  }

  /** A sentence for each that is not registered: it would get no calls when it comes. */
  static List<String> unregistered(Drains drains, Map<String, Map<String, Instance>> all) {
    List<String> sentences = new ArrayList<>();
    for (Drains.Drain each : drains.all()) {
      if (all.values().stream().noneMatch(of -> of.containsKey(each.instance()))) {
        sentences.add(
            Printable.of(each.instance() + " is " + each.note() + ", and is not registered."));
      }
    }
    return sentences;
  }
}
