package io.meshagent.core.engine;

import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Who this JVM is to others. Immutable. */
final class Identity {

  private final CurrentSettings settings;
  private final String agentVersion;
  private final UUID id;

  Identity(CurrentSettings settings, String agentVersion, UUID id) {
    this.settings = settings;
    this.agentVersion = agentVersion;
    this.id = id;
  }

  /** Unique to this run of this JVM. */
  String id() {
    return id.toString();
  }

  /** The same as a number, for hashing. */
  long number() {
    return id.getLeastSignificantBits();
  }

  /**
   * What each of our instances publishes of itself.
   *
   * @param admin {@code host:port} of the admin page, or null if there is none
   */
  Map<String, String> metadata(String admin) {
    Map<String, String> facts = new TreeMap<>();
    put(facts, Metadata.APPLICATION, settings.once(Keys.APP_NAME));
    put(facts, Metadata.VERSION, settings.once(Keys.APP_VERSION));
    put(facts, Metadata.ZONE, settings.once(Keys.APP_ZONE));
    put(facts, Metadata.WEIGHT, String.valueOf(settings.once(Keys.APP_WEIGHT)));
    put(facts, Metadata.AGENT, agentVersion);
    put(facts, Metadata.ADMIN, admin);
    settings.once(Keys.APP_LABELS).forEach((name, value) -> put(facts, "label." + name, value));
    return facts;
  }

  /** The machine and the agent, as reports of documents name them. */
  Map<String, String> carrier() {
    Map<String, String> facts = new TreeMap<>();
    put(facts, "host", host());
    put(facts, Metadata.AGENT, agentVersion);
    return facts;
  }

  /** As the system knows it, without asking a name service; empty if it does not say it. */
  private static String host() {
    try {
      byte[] name = Files.readAllBytes(Paths.get("/proc/sys/kernel/hostname"));
      return new String(name, StandardCharsets.UTF_8).trim();
    } catch (IOException | SecurityException e) {
      String name = System.getenv("HOSTNAME");
      return name != null ? name : System.getenv().getOrDefault("COMPUTERNAME", "");
    }
  }

  private static void put(Map<String, String> facts, String name, String value) {
    if (value != null && !value.isEmpty()) {
      facts.put(name, value);
    }
  }
}
