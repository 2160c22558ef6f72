package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.call.Stage;
import io.meshagent.grpc.client.ClientCalls;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.stages.Trials;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a stage may say of a call is what the program sees, on both sides, for all kinds of calls:
 * have it wait, refuse it, answer it, put another outcome in its place. With stages of the test's
 * own, in the adapters that the jar has, around real calls.
 */
class StagesIT {

  private static final List<String> SIDES = List.of("client", "server");

  /** What a call gets that goes well, by kind. */
  private static final Map<String, String> GOOD =
      Map.of(
          "blocking", "hello you OK",
          "unary", "hello you OK",
          "iterator", "1,2,3 OK",
          "many", "1,2,3 OK",
          "sum", "100 in order OK",
          "chat", "1,2,3 OK");

  private static final String GATE = "  RESOURCE_EXHAUSTED: the gate is shut";

  @AutoClose private final World world = World.local();

  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void the_program_sees_what_the_stages_say(String version) {
    String grpc =
        version.equals("newest")
            ? Classpaths.NEWEST
            : version.equals("middle") ? Classpaths.MIDDLE : Classpaths.FLOOR;
    String classPath =
        String.join(
            File.pathSeparator,
            Classpaths.ofPrograms(grpc, "netty-shaded"),
            Places.codeOf(Stage.class).toString(),
            Places.codeOf(ClientCalls.class).toString());
    Jvm trials =
        world
            .launch("trials")
            .on(version.equals("1.22") ? 8 : Runtime.version().feature())
            .main(classPath, Trials.class.getName())
            .withoutAgent()
            .start();

    assertThat(trials.awaitExit()).as(() -> trials.described("its end")).isZero();

    assertThat(trials.stdout().stream().map(StagesIT::asStreamFirst).toList())
        .containsExactlyInAnyOrderElementsOf(expected());
  }

  /**
   * A server that ends at once resets its streams and closes its connections: which of the two a
   * client hears of first is gRPC's own race. What the call was told on the server is one.
   */
  private static String asStreamFirst(String line) {
    return line.replace(
        "shut down now on server:  UNAVAILABLE,", "shut down now on server:  CANCELLED,");
  }

  private static List<String> expected() {
    List<String> lines = new ArrayList<>();
    for (String side : SIDES) {
      GOOD.forEach((kind, good) -> lines.addAll(byKind(side, kind, good)));
      lines.add("replaced raw on " + side + ": [headers by trial, canned, OK]");
      lines.add("refused later on " + side + ":" + GATE + ", RESOURCE_EXHAUSTED");
      lines.add("broken on " + side + ": hello you OK, OK failed 3");
      lines.add("crowd on " + side + ": 1000 good, no threads, strange 0, OK");
    }
    String shutDown =
        "on client:  UNAVAILABLE: Channel shutdown invoked while the call waited for the trial's"
            + " gate, UNAVAILABLE";
    lines.addAll(
        List.of(
            "delayed sum direct on server: 100 in order OK, strange 0, OK",
            "delayed blocking direct on server: hello you OK, strange 0, OK",
            "cancelled by the program on client: [CANCELLED: enough], CANCELLED",
            "shut down " + shutDown,
            "shut down now " + shutDown,
            "shut down on server: 100 in order OK, OK",
            "shut down now on server:  CANCELLED, CANCELLED",
            "requested later on client: [headers by trial] then [headers by trial, canned, OK]",
            "requested never on client: [headers by trial, CANCELLED: enough]",
            "too much on client: 10010 in order OK",
            "too much refused on client:" + GATE,
            "pressure on server: held back, all came: true",
            "end of trials"));
    return lines;
  }

  private static List<String> byKind(String side, String kind, String good) {
    boolean client = side.equals("client");
    String at = kind + " on " + side + ": ";
    List<String> lines = new ArrayList<>();
    String ready = client && kind.equals("sum") ? ", ready later" : "";
    lines.add("delayed " + at + good + ready + ", strange 0, OK");
    lines.add("answered " + at + "canned OK, handled 0, OK");
    lines.add(
        "late "
            + at
            + " DEADLINE_EXCEEDED"
            + (client ? ": the call waited for the trial's gate" : "")
            + ", handled 0, "
            + (client ? "DEADLINE_EXCEEDED" : "over"));
    switch (kind) {
      case "blocking" -> lines.add("replaced " + at + "canned OK, OK");
      case "unary" -> {
        lines.add("cancelled " + at + " CANCELLED, handled 0, CANCELLED");
        lines.add("replaced " + at + "canned OK, OK");
      }
      case "iterator" -> lines.add("replaced " + at + "1 UNAVAILABLE: down, UNAVAILABLE");
      case "many" -> {
        lines.add("cancelled " + at + " CANCELLED, handled 0, CANCELLED");
        lines.add("replaced " + at + "1 UNAVAILABLE: down, UNAVAILABLE");
      }
      default -> {
        lines.add("cancelled " + at + " CANCELLED, handled 0, CANCELLED");
        lines.add("replaced " + at + good + ", OK");
      }
    }
    return lines;
  }
}
