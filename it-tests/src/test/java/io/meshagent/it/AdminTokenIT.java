package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.Surroundings;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An admin page that listens for other machines shows them little without the token. */
@Thorough
class AdminTokenIT {

  private static final String ADDRESS = "10.71.0.1";

  @AutoClose private final World world = World.local();
  private final Path file = Places.newDirectory("admin-token").resolve("token");

  @Test
  void another_machine_needs_the_token_and_this_one_does_not() throws IOException {
    Jvm server = started();
    server.awaitError(
        line -> line.contains("(for other machines with the token in " + file), Jvm.PATIENCE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String there = page(server, ADDRESS);

    assertThat(Surroundings.curl(server, there + "/mesh"))
        .startsWith("HTTP/1.1 401 ")
        .doesNotContain("flaky");
    for (String open : new String[] {"/metrics", "/health", "/live", "/ready"}) {
      assertThat(Surroundings.curl(server, there + open)).startsWith("HTTP/1.1 200 ");
    }
    String token = Files.readString(file).trim();
    assertThat(Surroundings.curl(server, "--user", "anybody:" + token, there + "/"))
        .startsWith("HTTP/1.1 200 ");
    assertThat(Surroundings.curl(server, "-H", "Authorization: Bearer " + token, there + "/mesh"))
        .startsWith("HTTP/1.1 200 ");
    assertThat(Surroundings.curl(server, page(server, "127.0.0.1") + "/mesh"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void where_there_is_no_token_other_machines_see_no_more_than_numbers() throws IOException {
    Path unused = Files.writeString(file, "a-token-that-others-can-read");
    Path unusedToo =
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Jvm server = started();
    server.awaitError(
        line -> line.contains("no token") && line.contains("chmod 600"), Jvm.PATIENCE);
    String there = page(server, ADDRESS);

    assertThat(
            Surroundings.curl(server, "--user", "x:a-token-that-others-can-read", there + "/mesh"))
        .startsWith("HTTP/1.1 401 ");
    assertThat(Surroundings.curl(server, there + "/metrics")).startsWith("HTTP/1.1 200 ");
    assertThat(Surroundings.curl(server, page(server, "127.0.0.1") + "/mesh"))
        .startsWith("HTTP/1.1 200 ");
  }

  private Jvm started() {
    Jvm server =
        world
            .flakyServer("a")
            .in(Surroundings.networkWith(ADDRESS))
            .mesh("admin.host", "0.0.0.0")
            .mesh("admin.token-file", file)
            .mesh("register.host", "127.0.0.1")
            .start();
    server.awaitPort();
    return server;
  }

  private static String page(Jvm server, String host) {
    String admin = server.admin();
    return "http://" + host + admin.substring(admin.lastIndexOf(':'));
  }
}
