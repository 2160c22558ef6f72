package io.meshagent.core.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.javaagent.OwnLoader;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import org.junit.jupiter.api.Test;

class LoadedCopiesTest {

  private final List<Class<?>> loaded = new ArrayList<>(List.of(String.class));
  private final List<Set<Class<?>>> changed = new ArrayList<>();
  private ClassLoader refusing;
  private Runnable meanwhile = () -> {};

  /** Only the two methods that are needed. */
  private final Instrumentation instrumentation =
      (Instrumentation)
          Proxy.newProxyInstance(
              LoadedCopiesTest.class.getClassLoader(),
              new Class<?>[] {Instrumentation.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("getAllLoadedClasses")) {
                  return loaded.toArray(new Class<?>[0]);
                }
                assertThat(method.getName()).isEqualTo("retransformClasses");
                Set<Class<?>> classes = Set.of((Class<?>[]) arguments[0]);
                if (classes.iterator().next().getClassLoader() == refusing) {
                  throw new UnmodifiableClassException();
                }
                changed.add(classes);
                meanwhile.run();
                return null;
              });

  private Class<?> load(ClassLoader into, String name) {
    Class<?> made =
        new ByteBuddy()
            .subclass(Object.class)
            .name("io.grpc.internal." + name)
            .make()
            .load(into, ClassLoadingStrategy.Default.INJECTION)
            .getLoaded();
    loaded.add(made);
    return made;
  }

  private static ClassLoader newLoader() {
    return new ClassLoader(null) {};
  }

  @Test
  void the_classes_of_a_copy_are_changed_together_and_others_left_alone() {
    ClassLoader first = newLoader();
    ClassLoader second = newLoader();
    Class<?> server = load(first, "ServerImpl");
    Class<?> channel = load(first, "ManagedChannelImpl");
    load(first, "GrpcUtil");
    Class<?> otherServer = load(second, "ServerImpl");

    assertThat(LoadedCopies.exist(instrumentation)).isTrue();
    LoadedCopies copies = new LoadedCopies(instrumentation);
    assertThat(copies.readAnew("nothing")).containsExactlyInAnyOrder(server, otherServer);
    assertThat(changed).containsExactlyInAnyOrder(Set.of(server, channel), Set.of(otherServer));
    assertThat(copies.classes()).containsExactlyInAnyOrder(server, channel, otherServer);
  }

  @Test
  void a_copy_that_the_jvm_does_not_change_is_left_out() {
    ClassLoader good = newLoader();
    refusing = newLoader();
    load(refusing, "ServerImpl");
    Class<?> server = load(good, "ServerImpl");

    assertThat(new LoadedCopies(instrumentation).readAnew("nothing")).containsExactly(server);
  }

  @Test
  void a_class_that_comes_in_meanwhile_is_changed_too() {
    ClassLoader loader = newLoader();
    Class<?> server = load(loader, "ServerImpl");
    meanwhile =
        () -> {
          meanwhile = () -> {};
          load(loader, "ManagedChannelImpl");
        };

    assertThat(new LoadedCopies(instrumentation).readAnew("nothing")).containsExactly(server);
    assertThat(changed).hasSize(2);
  }

  @Test
  void what_another_agent_brings_for_itself_is_not_the_programs() {
    load(new OwnLoader(), "ManagedChannelImpl");
    assertThat(LoadedCopies.exist(instrumentation)).isFalse();
    assertThat(new LoadedCopies(instrumentation).now()).isEmpty();
  }

  @Test
  void a_program_without_grpc_has_none() {
    assertThat(LoadedCopies.exist(instrumentation)).isFalse();
  }
}
