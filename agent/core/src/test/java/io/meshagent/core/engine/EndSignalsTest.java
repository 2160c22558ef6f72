package io.meshagent.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who handles SIGTERM. Nobody sends it to this JVM. */
class EndSignalsTest {

  private final EndSignals signals = new EndSignals(() -> {});
  private Object ofTheJvm;

  @BeforeEach
  void look() throws ReflectiveOperationException {
    ofTheJvm = replace(handler());
    replace(ofTheJvm);
  }

  @AfterEach
  void restore() throws ReflectiveOperationException {
    replace(ofTheJvm);
  }

  @Test
  void stands_before_the_jvm_until_it_is_removed() throws ReflectiveOperationException {
    signals.install();
    assertThat(current()).asString().startsWith("mesh-agent, then java.lang.Terminator");

    signals.remove();
    assertThat(current()).asString().startsWith("java.lang.Terminator");
  }

  @Test
  void leaves_a_signal_alone_that_the_program_handles() throws ReflectiveOperationException {
    Object programs = handler();
    replace(programs);

    signals.install();
    assertThat(current()).isSameAs(programs);

    signals.remove();
    assertThat(current()).isSameAs(programs);
  }

  @Test
  void does_not_take_away_what_the_program_has_put_in_its_place()
      throws ReflectiveOperationException {
    signals.install();
    Object programs = handler();
    Object before = replace(programs);
    assertThat(before).isNotEqualTo(programs);

    signals.remove();
    assertThat(current()).isSameAs(programs);
  }

  @Test
  void a_program_that_ends_meanwhile_ends_by_the_signal() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Ending.class.getName())
            .inheritIO()
            .start();
    assertThat(program.waitFor()).isEqualTo(128 + 15);
  }

  /** Its last thread ends when the signal has come, long before its servers have left. */
  static final class Ending {

    private static final CountDownLatch HEARD = new CountDownLatch(1);
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    public static void main(String[] args) throws Exception {
      new EndSignals(Ending::leave).install();
      Class<?> signal = Class.forName("sun.misc.Signal");
      signal
          .getMethod("raise", signal)
          .invoke(null, signal.getConstructor(String.class).newInstance("TERM"));
      HEARD.await();
    }

    private static void leave() {
      HEARD.countDown();
      try {
        boolean unused = NEVER.await(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Object current() throws ReflectiveOperationException {
    Object current = replace(handler());
    replace(current);
    return current;
  }

  /** The compiler warns of these classes, and nobody can tell it not to. */
  private static Object replace(Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    return signal
        .getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), handler);
  }

  private static Object handler() throws ReflectiveOperationException {
    return Proxy.newProxyInstance(
        EndSignalsTest.class.getClassLoader(),
        new Class<?>[] {Class.forName("sun.misc.SignalHandler")},
        (proxy, method, args) ->
            switch (method.getName()) {
              case "equals" -> proxy == args[0];
              case "hashCode" -> System.identityHashCode(proxy);
              case "toString" -> "of the program";
              default -> null;
            });
  }
}
