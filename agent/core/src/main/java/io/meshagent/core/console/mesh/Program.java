package io.meshagent.core.console.mesh;

import com.google.gson.JsonObject;

/** Who wrote an entry beside the documents. Immutable. */
final class Program {

  final String id;
  final String app;
  final String version;
  final String zone;
  final String agent;
  final String admin;

  private Program(JsonObject json, String id) {
    this.id = id;
    this.app = Facts.text(json, "app");
    this.version = Facts.text(json, "version");
    this.zone = Facts.text(json, "zone");
    this.agent = Facts.text(json, "agent");
    this.admin = Facts.text(json, "admin");
  }

  /** As the entry says, but for its name, which the key says. */
  static Program of(JsonObject json, String id) {
    return new Program(json, id);
  }
}
