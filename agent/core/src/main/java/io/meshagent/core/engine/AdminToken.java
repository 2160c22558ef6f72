package io.meshagent.core.engine;

import io.meshagent.core.admin.AccessToken;
import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Keys;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.local.OwnedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * What somebody on another machine has to know to see the admin page, where it listens for other
 * machines. Reads and makes a file; for the engine's thread.
 */
final class AdminToken {

  private AdminToken() {}

  /** Null where there can be none, which one line says. */
  static AccessToken of(CurrentSettings settings) {
    String configured = settings.once(Keys.ADMIN_TOKEN_FILE);
    try {
      return AccessToken.of(configured.isEmpty() ? ofUser() : Paths.get(configured));
    } catch (IOException | OwnedFolder.Unusable e) {
      Log.warn(
          "From other machines only numbers and health can be seen of the admin page, because there"
              + " is no token: "
              + (e instanceof OwnedFolder.Unusable ? e.getMessage() : reason((IOException) e))
              + ". Give it a file of its own with admin.token-file.");
      return null;
    }
  }

  private static Path ofUser() throws OwnedFolder.Unusable {
    Path folder = OwnedFolder.ofUser("-admin");
    new OwnedFolder(folder).prepare();
    return folder.resolve("token");
  }

  /** The name alone is the message of some. */
  private static String reason(IOException e) {
    return e.getClass() == IOException.class ? e.getMessage() : e.toString();
  }
}
