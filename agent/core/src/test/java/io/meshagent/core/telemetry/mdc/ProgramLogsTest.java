package io.meshagent.core.telemetry.mdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.call.TestAgent;
import java.time.Duration;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands in the program's log context while its code runs, and what stands there after. */
class ProgramLogsTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  private final TestAgent agent = new TestAgent();

  /** Of the program: what the JVM has loaded. */
  private Class<?>[] loaded = {String.class, Logger.class};

  private final ProgramLogs logs =
      new ProgramLogs(ProgramLogsTest.class.getClassLoader(), () -> loaded, agent);

  @AfterEach
  void emptyContext() {
    MDC.broken = false;
    MDC.VALUES.clear();
  }

  @Test
  void puts_ids_and_takes_them_out() {
    MDC.VALUES.put("user", "tester");
    Object entered = logs.enter(TRACE, SPAN);
    assertThat(MDC.VALUES)
        .containsEntry("trace_id", TRACE)
        .containsEntry("span_id", SPAN)
        .containsEntry("user", "tester");
    logs.leave(entered);
    assertThat(MDC.VALUES).containsOnlyKeys("user");
  }

  @Test
  void brings_back_what_was_there() {
    MDC.VALUES.put("trace_id", "of the program");
    logs.leave(logs.enter(TRACE, SPAN));
    assertThat(MDC.VALUES).containsOnlyKeys("trace_id").containsValue("of the program");
  }

  @Test
  void leaves_alone_what_the_program_has_changed_meanwhile() {
    MDC.VALUES.put("span_id", "of the program");
    Object entered = logs.enter(TRACE, SPAN);
    MDC.VALUES.put("trace_id", "other");
    MDC.VALUES.remove("span_id");
    logs.leave(entered);
    assertThat(MDC.VALUES).containsOnlyKeys("trace_id").containsValue("other");
  }

  @Test
  void puts_nothing_where_it_is_already() {
    Object outer = logs.enter(TRACE, SPAN);
    assertThat(logs.enter(TRACE, SPAN)).isNull();
    logs.leave(null);
    assertThat(MDC.VALUES).containsEntry("trace_id", TRACE);
    logs.leave(outer);
    assertThat(MDC.VALUES).isEmpty();
  }

  @Test
  void begins_with_a_library_when_the_program_has() {
    loaded = new Class<?>[] {String.class};
    assertThat(logs.enter(TRACE, SPAN)).isNull();
    loaded = new Class<?>[] {String.class, Logger.class};
    assertThat(logs.enter(TRACE, SPAN)).as("it does not look at each call").isNull();
    agent.pass(Duration.ofMinutes(2));
    logs.leave(logs.enter(TRACE, SPAN));
    assertThat(logs.enter(TRACE, SPAN)).isNotNull();
  }

  @Test
  void knows_nothing_of_what_the_programs_grpc_does_not_see() {
    ProgramLogs above = new ProgramLogs(ClassLoader.getPlatformClassLoader(), () -> loaded, agent);
    assertThat(above.enter(TRACE, SPAN)).isNull();
  }

  @Test
  void a_library_that_fails_is_told_of_and_asked_no_more() {
    MDC.broken = true;
    assertThat(logs.enter(TRACE, SPAN)).isNull();
    assertThat(agent.failures.get()).isEqualTo(1);
    MDC.broken = false;
    assertThat(logs.enter(TRACE, SPAN)).isNull();
    assertThat(agent.failures.get()).isEqualTo(1);
  }

  @Test
  void a_library_that_fails_at_the_end_throws_nothing() {
    Object entered = logs.enter(TRACE, SPAN);
    MDC.broken = true;
    logs.leave(entered);
    assertThat(agent.failures.get()).isEqualTo(2);
  }
}
