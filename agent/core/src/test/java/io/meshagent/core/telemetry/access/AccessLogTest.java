package io.meshagent.core.telemetry.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Answer;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Traced;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.log.LogWriter;
import io.meshagent.core.telemetry.trace.TestCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccessLogTest {

  private static final String HELLO = "helloworld.Greeter/SayHello";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final LogWriter writer = LogWriter.ofCalls(out, Thread::new);
  private final AccessLog log = new AccessLog(() -> writer);

  @AfterEach
  void close() {
    log.close();
  }

  private static Settings settings(String... lines) {
    return TestSettings.loadText("test", String.join("\n", lines));
  }

  private List<String> lines() {
    writer.release();
    return out.toString(StandardCharsets.UTF_8).lines().collect(Collectors.toList());
  }

  private JsonObject only() {
    List<String> lines = lines();
    assertThat(lines).hasSize(1);
    return JsonParser.parseString(lines.get(0)).getAsJsonObject();
  }

  @Test
  void is_off_unless_somebody_wants_it_and_then_for_whom() {
    assertThat(log.stage(Side.CLIENT, HELLO, TestSettings.defaults())).isNull();
    Settings some = settings("access-log@helloworld.*=json", "access-log.side@helloworld.*=server");
    assertThat(log.stage(Side.CLIENT, HELLO, some)).isNull();
    assertThat(log.stage(Side.SERVER, HELLO, some)).isNotNull();
    assertThat(log.stage(Side.SERVER, "a.B/C", some)).isNull();
  }

  @Test
  void a_good_call_is_an_object_in_a_line() {
    TestCall call = TestCall.of(Side.CLIENT, HELLO, log.stage(Side.CLIENT, HELLO, json()));
    call.traceContext = (Traced) () -> "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    call.admitted();
    call.takes(3_141_592);
    call.end(Code.OK, null);

    JsonObject line = only();
    assertThat(line.keySet())
        .containsExactly(
            "time", "side", "method", "status", "duration_ms", "attempts", "trace_id", "span_id");
    assertThat(line.get("side").getAsString()).isEqualTo("client");
    assertThat(line.get("method").getAsString()).isEqualTo(HELLO);
    assertThat(line.get("status").getAsString()).isEqualTo("OK");
    assertThat(line.get("duration_ms").getAsDouble()).isEqualTo(3.142);
    assertThat(line.get("attempts").getAsInt()).isEqualTo(1);
    assertThat(line.get("trace_id").getAsString()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(log.written()).isEqualTo(1);
  }

  private static Settings json() {
    return settings("access-log=json");
  }

  @Test
  void a_refused_call_says_who_refused_it_and_why() {
    Stage refusing = stage(Refusal.of("rate-limit", Code.RESOURCE_EXHAUSTED, "enough"), null);
    TestCall.of(Side.SERVER, HELLO, log.stage(Side.SERVER, HELLO, json()), refusing).admit();

    JsonObject line = only();
    assertThat(line.get("status").getAsString()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(line.get("description").getAsString()).isEqualTo("enough");
    assertThat(line.get("verdicts").getAsJsonArray())
        .singleElement()
        .satisfies(verdict -> assertThat(verdict.getAsString()).isEqualTo("rate-limit: refused"));
  }

  @Test
  void a_fallback_says_what_it_stands_for() {
    Stage fallback = stage(null, Answer.of("fallback", new Object()));
    Stage breaker = stage(Refusal.of("breaker", Code.UNAVAILABLE, "circuit open"), null);
    TestCall.of(Side.CLIENT, HELLO, log.stage(Side.CLIENT, HELLO, json()), fallback, breaker)
        .admit();

    JsonObject line = only();
    assertThat(line.get("status").getAsString()).isEqualTo("OK");
    assertThat(line.get("verdicts").toString())
        .isEqualTo("[\"breaker: refused\",\"fallback: answered in the place of unavailable\"]");
  }

  @Test
  void what_stages_note_is_there() {
    Stage noting =
        new Stage() {
          @Override
          public Verdict enter(Call call) {
            call.note("first");
            call.note("second");
            return null;
          }

          @Override
          public void leave(Call call) {}
        };
    TestCall.of(Side.CLIENT, HELLO, log.stage(Side.CLIENT, HELLO, json()), noting)
        .admitted()
        .end(Code.OK, null);

    assertThat(only().get("verdicts").toString()).isEqualTo("[\"first\",\"second\"]");
  }

  /** Callers choose names, servers choose descriptions. */
  @Test
  void nobody_ends_a_line_or_steers_a_terminal() {
    String method = "a.B/C\nforged \u001b[31m \u009b \u202e \"q\" \\";
    for (String format : List.of("json", "text")) {
      Stage stage = log.stage(Side.SERVER, "a.B/C", settings("access-log=" + format));
      TestCall.of(Side.SERVER, method, stage)
          .admitted()
          .end(Code.INTERNAL, "x\r\n{\"forged\":1}" + "y".repeat(2_000));
    }

    List<String> lines = lines();
    assertThat(lines).hasSize(2).allMatch(line -> line.length() < 1_500);
    assertThat(String.join("", lines))
        .doesNotContain("\u001b", "\u009b", "\u202e", "\r")
        .contains("\\u001b[31m");
    assertThat(JsonParser.parseString(lines.get(0)).getAsJsonObject().get("method").getAsString())
        .isEqualTo(method);
    assertThat(lines.get(1)).contains("server \"a.B/C forged ", "\\\"q\\\" \\\\\" INTERNAL");
  }

  @Test
  void a_text_line_has_words_with_blanks_between() {
    TestCall call =
        TestCall.of(Side.CLIENT, HELLO, log.stage(Side.CLIENT, HELLO, settings("access-log=text")))
            .admitted();
    call.takes(2_000_000);
    call.end(Code.NOT_FOUND, "no such");

    assertThat(lines().get(0))
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z client helloworld.Greeter/SayHello NOT_FOUND 2.0ms"
                + " attempts=1 description=\"no such\"");
  }

  @Test
  void a_sample_is_of_good_calls_only() {
    Stage stage = log.stage(Side.CLIENT, HELLO, settings("access-log=text", "access-log.sample=0"));
    IntStream.range(0, 50)
        .forEach(
            i -> {
              TestCall call = TestCall.of(Side.CLIENT, HELLO, stage).admitted();
              call.end(i % 10 == 0 ? Code.UNKNOWN : Code.OK, null);
            });

    assertThat(lines()).hasSize(5).allMatch(line -> line.contains(" UNKNOWN "));
  }

  /** Refuses, or has the program told something else. */
  private static Stage stage(Refusal refusal, Answer instead) {
    return new Stage() {
      @Override
      public Verdict enter(Call call) {
        return refusal;
      }

      @Override
      public boolean replacesOutcomes() {
        return instead != null;
      }

      @Override
      public Outcome replace(Call call, Outcome outcome) {
        return instead == null ? outcome : Outcome.of(instead);
      }

      @Override
      public void leave(Call call) {}
    };
  }
}
