package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * On which thread a start of the agent does what only one thread of a JVM can do.
 *
 * <p>The JDK's network classes load a native library when they are initialized. An old Netty
 * initializes them while it holds the JVM's lock for native libraries; if a thread of the agent's
 * is in the midst of it then, both wait for ever. It came to that in 8 of 579 starts with gRPC
 * 1.32, so the test looks at what makes it possible, and not for those.
 */
class StartThreadsIT {

  @AutoClose private final World world = World.local();

  @Test
  void a_client_s_thread_initializes_the_jdk_s_network_before_the_agent_has_one()
      throws IOException {
    Path log = Places.newDirectory("start-threads").resolve("classes.txt");
    Jvm client =
        world
            .with(Classpaths.FLOOR, 17)
            .loadClient()
            .option("-Xlog:class+init:file=" + log + ":tid")
            .start();
    client.load("calls n=1 channel=target:localhost:1");
    assertThat(client.admin()).startsWith("http://");

    List<Initialized> all = Initialized.in(Files.readString(log));
    Initialized program = Initialized.of(all, "io/meshagent/it/programs/LoadClient");
    // The first class that the agent's own thread needs for what it does there.
    Initialized outside = Initialized.of(all, "io/meshagent/core/engine/Externals");
    assertThat(outside.thread).isNotEqualTo(program.thread);
    for (String name : List.of("java/net/InetAddress", "java/net/NetworkInterface")) {
      Initialized network = Initialized.of(all, name);
      assertThat(network.thread).as(name).isEqualTo(program.thread);
      assertThat(network.place).as(name).isLessThan(outside.place);
    }
  }

  /** A class and the thread that initialized it, in the order in which that began. */
  private static final class Initialized {
    private static final Pattern LINE = Pattern.compile("\\[(\\d+)] \\d+ Initializing '([^']+)'");

    private final int place;
    private final String thread;
    private final String name;

    private Initialized(int place, String thread, String name) {
      this.place = place;
      this.thread = thread;
      this.name = name;
    }

    static List<Initialized> in(String log) {
      List<Initialized> all = new ArrayList<>();
      Matcher line = LINE.matcher(log);
      while (line.find()) {
        all.add(new Initialized(all.size(), line.group(1), line.group(2)));
      }
      return all;
    }

    static Initialized of(List<Initialized> all, String name) {
      return all.stream()
          .filter(each -> each.name.equals(name))
          .findFirst()
          .orElseThrow(() -> new AssertionError("never initialized: " + name));
    }
  }
}
