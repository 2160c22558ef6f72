package io.meshagent.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who handles SIGTERM; nobody sends it here. */
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
