package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LogConfiguration;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.LoggingServer;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a handler logs has the ids of its call in it, by the program's own logging library and
 * configuration; what its threads log afterwards has not, and what the program itself has put into
 * the log context stays there.
 */
class LogCorrelationIT {

  private static final int CALLS = 40;

  @AutoClose private final World world = World.local();

  /** A line that was logged, with what was in the log context. */
  private record Line(String trace, String span, String user, String text) {

    static Line of(String printed) {
      String[] parts = printed.substring("LOG ".length()).split("\\|", 4);
      return new Line(parts[0], parts[1], parts[2], parts[3]);
    }

    boolean isOfHandler() {
      return text.startsWith("in ");
    }

    /** The trace of the call that it is about. */
    String expected() {
      return text.split(" ", -1)[1];
    }

    /** Comes on a thread of the channel's. */
    boolean isOfAnswer() {
      return isOf("answered") || (isOf("completed") && user.isEmpty());
    }

    boolean isOf(String step) {
      return isOfHandler() && text.endsWith(" " + step);
    }
  }

  @ParameterizedTest(name = "{0} with gRPC {1} on Java {2}")
  @CsvSource("logback-1.2, floor, 17")
  @ThoroughRows({
    "log4j, newest, 25",
    "logback-1.2, floor, 8",
    "logback-1.5, newest, 17",
    "log4j, floor, 11",
    "logback-1.5 log4j, floor, 17",
    "slf4j-to-log4j log4j, newest, 21",
    "jboss, newest, 17"
  })
  void lines_of_a_handler_have_the_ids_of_its_call(String libraries, String grpc, int jdk) {
    Jvm program = start(libraries, grpc, jdk, "on");
    for (String wish : List.of("plain", "throw", "ask", "later", "stream", "cancel", "untraced")) {
      program.ask("calls " + CALLS + " " + wish);
    }
    int copies = program(libraries).size();
    awaitLines(program, line -> line.isOf("answered"), copies * CALLS);
    awaitLines(program, line -> line.isOf("cancelled"), copies * CALLS);
    awaitLines(program, line -> line.isOf("throw"), copies * CALLS);
    for (String way : List.of("wrapped", "called", "run")) {
      awaitLines(program, line -> line.isOf(way), copies * CALLS);
    }
    for (Line line : lines(program)) {
      if (!line.isOfHandler()) {
        assertThat(line).as("afterwards").isEqualTo(new Line("before", "", "", "after"));
      } else if (line.isOf("untraced") || line.expected().equals("nobody")) {
        assertThat(line.trace()).as(line.toString()).isEqualTo("before");
        assertThat(line.span()).as(line.toString()).isEmpty();
      } else {
        String trace = line.expected();
        assertThat(line.trace()).as(line.toString()).isEqualTo(trace);
        assertThat(line.span()).as(line.toString()).isEqualTo(trace.substring(0, 16));
      }
    }
    assertThat(lines(program))
        .as("the program's own value")
        .filteredOn(line -> line.isOf("plain") || line.isOf("message") || line.isOf("cancelled"))
        .allMatch(line -> line.user().equals("of " + line.expected()));

    int soFar = lines(program).size();
    program.ask("calls " + CALLS + " overwrite");
    awaitLines(program, line -> line.trace().equals("mine"), 1);
    assertThat(afterwards(program, soFar)).isSubsetOf("before", "mine");
    program.ask("calls " + CALLS + " clear");
    awaitLines(program, line -> !line.isOfHandler() && line.trace().isEmpty(), 1);
    assertThat(afterwards(program, soFar)).isSubsetOf("before", "mine", "");
    assertThat(program.metrics().sum("mesh_agent_failures_total"))
        .as(() -> program.described("of ours"))
        .isZero();
  }

  /** Which nobody listens at: that is none of the log's affairs. */
  @Thorough
  @Test
  void with_a_collector_it_is_the_servers_own_span() {
    Jvm program =
        launch("logback-1.2", "newest", 17, "on")
            .mesh("tracing.otlp.endpoint", "http://127.0.0.1:1")
            .start();
    program.awaitPort();
    program.ask("calls " + CALLS + " plain");
    program.ask("calls " + CALLS + " untraced");
    awaitLines(program, line -> line.isOf("untraced"), CALLS);
    assertThat(lines(program))
        .filteredOn(line -> line.isOf("plain"))
        .hasSize(CALLS)
        .allMatch(line -> line.trace().equals(line.expected()))
        .allMatch(line -> line.span().matches("[0-9a-f]{16}"))
        .noneMatch(line -> line.trace().startsWith(line.span()));
    assertThat(lines(program))
        .filteredOn(line -> line.isOf("untraced"))
        .hasSize(CALLS)
        .allMatch(line -> line.trace().matches("[0-9a-f]{32}"))
        .allMatch(line -> line.span().matches("[0-9a-f]{16}"));
  }

  @Thorough
  @Test
  void nothing_is_put_there_unless_it_is_wanted() {
    Jvm program = start("logback-1.2 log4j", "newest", 17, "off");
    for (String wish : List.of("plain", "throw", "ask", "stream")) {
      program.ask("calls " + CALLS + " " + wish);
    }
    assertThat(lines(program))
        .hasSizeGreaterThan(2 * CALLS * 4)
        .allMatch(line -> line.span().isEmpty())
        .allMatch(line -> line.trace().equals(line.isOfAnswer() ? "" : "before"));
  }

  private Jvm start(String libraries, String grpc, int jdk, String wanted) {
    Jvm jvm = launch(libraries, grpc, jdk, wanted).start();
    jvm.awaitPort();
    return jvm;
  }

  private JvmBuilder launch(String libraries, String grpc, int jdk, String wanted) {
    List<String> classPath = new ArrayList<>();
    for (String library : libraries.split(" ", -1)) {
      classPath.add(Classpaths.of(jars(library)));
    }
    classPath.add(
        Classpaths.ofPrograms(
            grpc.equals("floor") ? Classpaths.FLOOR : Classpaths.NEWEST, "netty-shaded"));
    JvmBuilder builder =
        world
            .launch("logging")
            .on(jdk)
            .main(String.join(File.pathSeparator, classPath), LoggingServer.class.getName())
            .args(program(libraries).toArray())
            .mesh("tracing.mdc", wanted)
            .mesh("discover.enabled", "false");
    if (libraries.equals("jboss")) {
      builder = builder.property("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    }
    return LogConfiguration.of(builder);
  }

  private static String[] jars(String library) {
    return switch (library) {
      case "logback-1.2" -> new String[] {"ch.qos.logback:logback-classic:1.2.13"};
      case "logback-1.5" -> new String[] {"ch.qos.logback:logback-classic:1.5.18"};
      case "log4j" -> new String[] {"org.apache.logging.log4j:log4j-core:2.25.3"};
      case "slf4j-to-log4j" -> new String[] {"org.apache.logging.log4j:log4j-slf4j2-impl:2.25.3"};
      case "jboss" -> new String[] {"org.jboss.logmanager:jboss-logmanager:2.1.19.Final"};
      default -> throw new IllegalArgumentException(library);
    };
  }

  /** What the program is to log with. */
  private static List<String> program(String libraries) {
    List<String> names = new ArrayList<>();
    for (String library : libraries.split(" ", -1)) {
      names.add(library.equals("log4j") ? "log4j2" : library.equals("jboss") ? library : "slf4j");
    }
    return names;
  }

  private static List<Line> lines(Jvm program) {
    return program.stdout().stream().filter(line -> line.startsWith("LOG ")).map(Line::of).toList();
  }

  /** Which trace threads have that are done with a call. */
  private static List<String> afterwards(Jvm program, int from) {
    return lines(program).stream()
        .skip(from)
        .filter(line -> !line.isOfHandler())
        .map(Line::trace)
        .toList();
  }

  private static void awaitLines(Jvm program, Predicate<Line> wanted, int count) {
    await("lines of " + program)
        .atMost(Jvm.PATIENCE)
        .until(() -> lines(program).stream().filter(wanted).count() >= count);
  }
}
