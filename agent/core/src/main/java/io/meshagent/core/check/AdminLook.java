package io.meshagent.core.check;

import io.meshagent.core.config.Keys;
import io.meshagent.core.config.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.Consumer;

/** Whether the admin page gets its port, which is taken and given back. */
final class AdminLook implements Look {

  static final String NAME = "admin-port";

  private final Settings settings;

  AdminLook(Settings settings) {
    this.settings = settings;
  }

  private String where() {
    return settings.get(Keys.ADMIN_HOST) + ":" + settings.get(Keys.ADMIN_PORT);
  }

  @Override
  public Finding late() {
    return Finding.wrong(
        NAME, "the admin port " + where() + " could not be looked at in time", "check admin.host");
  }

  @Override
  public void look(Consumer<Finding> told) {
    String host = settings.get(Keys.ADMIN_HOST);
    int port = settings.get(Keys.ADMIN_PORT);
    if (new InetSocketAddress(host, port).isUnresolved() || !isFree(host, 0)) {
      told.accept(
          Finding.wrong(
              NAME,
              "there will be no admin page, because " + host + " is no address of this machine",
              "correct admin.host"));
    } else if (port == 0) {
      told.accept(Finding.good(NAME, "the admin page takes any free port of " + host));
    } else if (isFree(host, port)) {
      told.accept(Finding.good(NAME, "the admin port " + where() + " is free"));
    } else {
      told.accept(taken());
    }
  }

  /** Many programs of one machine share the default, and each but the first has another. */
  private Finding taken() {
    boolean meant =
        settings.get(Keys.ADMIN_PORT).intValue()
            != Settings.defaults(settings.keys()).get(Keys.ADMIN_PORT).intValue();
    String seen = "the admin port " + where() + " is taken, so the page will be at any free one";
    String cure =
        "end what listens there (the program itself, if it runs), or set another admin.port";
    return meant ? Finding.wrong(NAME, seen, cure) : Finding.hint(NAME, seen, cure);
  }

  private static boolean isFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
