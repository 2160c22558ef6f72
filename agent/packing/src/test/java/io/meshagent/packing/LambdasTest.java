package io.meshagent.packing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

/** What a class does with its lambdas it does with classes in their place. */
class LambdasTest {

  private static final String SHAPES = LambdaShapes.class.getName().replace('.', '/');

  private final Map<String, byte[]> made = Lambdas.of(classFile(SHAPES));

  @Test
  void functions_do_what_they_did() throws Exception {
    assertThat(results(rewritten())).isEqualTo(new LambdaShapes("a").results());
  }

  @Test
  void no_class_is_made_at_run_time_but_for_what_is_left_as_it_is() throws Exception {
    for (Object function : functions(rewritten())) {
      assertThat(function.getClass().isHidden())
          .isEqualTo(function instanceof java.io.Serializable);
    }
    assertThat(plain(made.get(SHAPES))).isEmpty();
  }

  @Test
  void one_interface_is_one_class_and_no_more_than_that() throws Exception {
    assertThat(made.keySet()).contains(SHAPES + "$LambdaSupplier", SHAPES + "$LambdaFunction");
    for (Object function : functions(rewritten())) {
      if (!function.getClass().isHidden()) {
        assertThat(function.getClass().getInterfaces()).hasSize(1);
      }
    }
  }

  @Test
  void what_captures_nothing_is_made_once() throws Exception {
    Object shapes = rewritten();
    Object first = call(shapes, "nothing");
    assertThat(call(shapes, "nothing")).isSameAs(first);
    assertThat(((Supplier<?>) first).get()).isEqualTo("nothing");
  }

  @Test
  void what_a_function_throws_is_thrown() throws Exception {
    Callable<?> thrower = (Callable<?>) call(rewritten(), "thrower");
    assertThat(org.assertj.core.api.Assertions.catchThrowable(thrower::call))
        .isInstanceOf(IOException.class);
  }

  @Test
  void a_class_without_lambdas_and_an_interface_stay_as_they_are() {
    for (Class<?> type : List.of(Checksum.class, LambdaShapes.Defaults.class)) {
      String name = type.getName().replace('.', '/');
      Map<String, byte[]> same = Lambdas.of(classFile(name));
      assertThat(same.keySet()).containsExactly(name);
      assertThat(plain(same.get(name))).isEqualTo(plain(classFile(name)));
    }
  }

  /** Sites of lambdas that could have been replaced. */
  private static List<String> plain(byte[] classFile) {
    List<String> sites = new ArrayList<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String method, String type, String sig, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitInvokeDynamicInsn(
                      String name, String factory, Handle bootstrap, Object... arguments) {
                    if (Lambdas.isPlain(bootstrap)) {
                      sites.add(method + " " + name + factory);
                    }
                  }
                };
              }
            },
            0);
    return sites;
  }

  private Object rewritten() throws ReflectiveOperationException {
    Map<String, byte[]> all = new LinkedHashMap<>(made);
    ClassLoader loader =
        new ClassLoader(LambdasTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            byte[] classFile = all.get(name.replace('.', '/'));
            Class<?> known = findLoadedClass(name);
            if (known != null) {
              return known;
            }
            // Its other nested classes, too: they are in the same package.
            if (classFile == null && name.startsWith(LambdaShapes.class.getName())) {
              classFile = classFile(name.replace('.', '/'));
            }
            return classFile == null
                ? super.loadClass(name, resolve)
                : defineClass(name, classFile, 0, classFile.length);
          }
        };
    var constructor =
        Class.forName(LambdaShapes.class.getName(), true, loader)
            .getDeclaredConstructor(String.class);
    constructor.setAccessible(true);
    return constructor.newInstance("a");
  }

  private static Object call(Object on, String method) throws ReflectiveOperationException {
    var found = on.getClass().getDeclaredMethod(method);
    found.setAccessible(true);
    return found.invoke(on);
  }

  private static Object results(Object shapes) throws ReflectiveOperationException {
    return call(shapes, "results");
  }

  private static List<?> functions(Object shapes) throws ReflectiveOperationException {
    return (List<?>) call(shapes, "functions");
  }

  static byte[] classFile(String name) {
    try (InputStream in = LambdasTest.class.getClassLoader().getResourceAsStream(name + ".class")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
