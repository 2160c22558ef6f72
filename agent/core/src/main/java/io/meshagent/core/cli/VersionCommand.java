package io.meshagent.core.cli;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.meshagent.bootstrap.MeshAgent;
import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Io;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.jar.JarFile;

/** {@code version}, which is {@code --version} too: what this jar is and runs on. Stateless. */
final class VersionCommand {

  private VersionCommand() {}

  static int run(Given given, Io io) {
    String version = MeshAgent.class.getPackage().getImplementationVersion();
    String agent = version == null ? "unknown" : version;
    String commit = commit();
    String java = System.getProperty("java.version");
    if (given.has("--json")) {
      JsonObject json = new JsonObject();
      json.addProperty("agent", agent);
      json.add("commit", commit == null ? JsonNull.INSTANCE : new JsonPrimitive(commit));
      json.addProperty("java", java);
      io.out().println(json);
    } else {
      String from = commit == null ? "" : "commit " + commit + ", ";
      io.out().println("mesh-agent " + agent + " (" + from + "Java " + java + ")");
    }
    return 0;
  }

  /** What the jar was built from; null where its build did not ask, or it is no jar. */
  private static String commit() {
    try {
      File file = MeshAgent.jarFile();
      if (!file.isFile()) {
        return null;
      }
      try (JarFile jar = new JarFile(file)) {
        String commit = jar.getManifest().getMainAttributes().getValue("Implementation-Commit");
        return commit == null || commit.equals("unknown") ? null : commit;
      }
    } catch (IOException | URISyntaxException e) {
      return null;
    }
  }
}
