package io.meshagent.core.check;

import io.meshagent.core.config.Keys;
import io.meshagent.core.config.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Whether the admin page gets its port, which is taken and given back. */
final class AdminLook implements Look {

  static final String NAME = "admin-port";

  /** The variables by which programs and their frameworks are told where to listen. */
  private static final List<String> PORTS =
      Collections.unmodifiableList(
          Arrays.asList(
              "PORT",
              "SERVER_PORT",
              "GRPC_PORT",
              "GRPC_SERVER_PORT",
              "SPRING_GRPC_SERVER_PORT",
              "QUARKUS_HTTP_PORT",
              "QUARKUS_GRPC_SERVER_PORT",
              "MICRONAUT_SERVER_PORT"));

  private final Settings settings;
  private final Map<String, String> environment;

  /**
   * @param environment of the program
   */
  AdminLook(Settings settings, Map<String, String> environment) {
    this.settings = settings;
    this.environment = environment;
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
    } else if (programsOwn(port) != null) {
      told.accept(
          Finding.wrong(
              NAME,
              programsOwn(port)
                  + " tells the program itself to use the admin port "
                  + where()
                  + ", and whoever comes second does not get it",
              "set another admin.port, or 0 for any"));
    } else if (isFree(host, port)) {
      told.accept(Finding.good(NAME, "the admin port " + where() + " is free"));
    } else {
      told.accept(taken());
    }
  }

  /** What tells the program to listen on the page's port; null for nothing that is known here. */
  private String programsOwn(int port) {
    for (String variable : PORTS) {
      if (Integer.toString(port).equals(environment.get(variable))) {
        return variable;
      }
    }
    return null;
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
