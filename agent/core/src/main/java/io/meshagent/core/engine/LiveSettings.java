package io.meshagent.core.engine;

import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.rules.Documents;
import io.meshagent.core.rules.FileWatch;
import io.meshagent.core.rules.Member;
import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.run.ThreadLoop;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What changes settings while the program runs, if it may. For the engine's thread. */
final class LiveSettings {

  /** Null if nothing may change. */
  private final Documents documents;

  /** Its thread starts with the watch of the file, if one was read. */
  private final TaskLoop files = ThreadLoop.named("configuration");

  /** Documents are read here, so that instances don't wait for them; seldom, most often never. */
  private final TaskLoop reading;

  private final ConfigSource source;
  private final String file;

  private LiveSettings(Documents documents, TaskLoop reading, ConfigSource source, String file) {
    this.documents = documents;
    this.reading = reading;
    this.source = source;
    this.file = file;
  }

  /**
   * Before the registry is started.
   *
   * @param registry where documents are, and take the report of this program
   */
  static LiveSettings of(Parts parts, Registry registry) {
    CurrentSettings settings = parts.settings;
    TaskLoop reading = ThreadLoop.ofGuests("documents");
    if (!settings.once(RegistryKeys.DOCUMENTS_ENABLED)) {
      return new LiveSettings(null, reading, parts.source, null);
    }
    String id = parts.identity.id();
    Member member =
        new Member(
            id,
            settings.once(Keys.APP_NAME),
            settings.once(Keys.APP_VERSION),
            parts.identity.number(),
            parts.identity.carrier());
    Documents documents =
        new Documents(settings, member, text -> registry.report(id, text), reading::execute);
    registry.documents(documents);
    return new LiveSettings(documents, reading, parts.source, settings.now().file());
  }

  void start() {
    if (documents != null && file != null) {
      new FileWatch(files, Paths.get(file), () -> documents.reread(source.read())).start();
    }
  }

  /** What became of each document, for people. */
  List<Map<String, Object>> facts() {
    return documents == null ? Collections.emptyList() : documents.facts();
  }

  void close() {
    files.close();
    reading.close();
  }
}
