package io.meshagent.core.engine;

import io.meshagent.core.admin.AccessToken;
import io.meshagent.core.admin.AdminPages;
import io.meshagent.core.admin.AdminServer;
import io.meshagent.core.admin.Page;
import io.meshagent.core.api.Instance;
import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Keys;
import io.meshagent.core.log.Log;
import io.meshagent.core.telemetry.metrics.Metrics;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The admin page of this JVM, if it has one: it may be switched off, or there may be no port. For
 * the engine's thread.
 */
final class AdminPage {

  /** Null if there is none. */
  private final AdminServer server;

  private final String address;

  private AdminPage(AdminServer server, String address) {
    this.server = server;
    this.address = address;
  }

  /**
   * Opens it, or says in one line why there is none. Never fails: the registry does without.
   *
   * @param check what {@code check} shows of this program
   * @param ready whether somebody who is new may call it
   */
  static AdminPage open(
      CurrentSettings settings,
      Metrics metrics,
      MeshFacts facts,
      Supplier<Map<String, Object>> check,
      BooleanSupplier ready) {
    if (settings.once(Keys.ADMIN_ENABLED)) {
      String host = settings.once(Keys.ADMIN_HOST);
      try {
        Map<String, Page> pages =
            AdminPages.of(
                metrics::write,
                facts::now,
                metrics.history()::facts,
                MeshFacts::events,
                facts::explain);
        pages.put("/check", AdminPages.json(check));
        pages.put("/ready", AdminPages.ready(ready));
        AdminServer server =
            new AdminServer(
                host, settings.once(Keys.ADMIN_PORT), pages, () -> AdminToken.of(settings));
        OptionalInt port = server.start();
        if (port.isPresent()) {
          return new AdminPage(server, Instance.hostPort(host, port.getAsInt()));
        }
      } catch (Throwable e) {
        Log.warn(
            "There is no admin page, because it could not be opened; the program runs and is"
                + " governed without it.",
            e);
      }
    }
    return new AdminPage(null, null);
  }

  /** Its host and port, or null if there is none. */
  String address() {
    return address;
  }

  /** For the start-up line: {@code admin http://127.0.0.1:26464}, or that there is none. */
  String describe() {
    if (address == null) {
      return "no admin page";
    }
    AccessToken token = server.token();
    return "admin http://"
        + address
        + (token == null ? "" : " (for other machines with the token in " + token.file() + ")");
  }

  void close() {
    if (server != null) {
      server.close();
    }
  }
}
