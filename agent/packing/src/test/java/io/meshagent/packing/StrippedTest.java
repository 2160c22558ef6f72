package io.meshagent.packing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

class StrippedTest {

  /** Seen by reflection. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface Seen {}

  /** Seen by compilers only. */
  @Retention(RetentionPolicy.CLASS)
  @interface Unseen {}

  /** What is stripped. */
  @Seen
  @Unseen
  public static class Library {

    @Seen
    @Unseen
    public List<String> work(@Seen @Unseen int times) {
      List<String> done = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        String word = i % 2 == 0 ? "even" : "odd";
        done.add(word);
      }
      if (done.isEmpty()) {
        throw new IllegalStateException();
      }
      return done;
    }
  }

  @Test
  void the_code_is_the_same_and_so_is_what_reflection_sees() throws Exception {
    Class<?> stripped = defined(Stripped.of(bytes()));
    Object made = stripped.getDeclaredConstructor().newInstance();
    Method work = stripped.getMethod("work", int.class);

    assertThat(stripped).isNotEqualTo(Library.class);
    assertThat(work.invoke(made, 3)).isEqualTo(List.of("even", "odd", "even"));
    assertThat(work.getGenericReturnType()).hasToString("java.util.List<java.lang.String>");
    assertThat(stripped.getAnnotations()).hasSize(1);
    assertThat(work.getAnnotations()).hasSize(1);
    assertThat(work.getParameterAnnotations()[0]).hasSize(1);
  }

  @Test
  void stack_traces_say_the_same_line() throws Exception {
    Class<?> stripped = defined(Stripped.of(bytes()));
    Object made = stripped.getDeclaredConstructor().newInstance();

    assertThat(thrown(() -> stripped.getMethod("work", int.class).invoke(made, 0)))
        .isEqualTo(
            thrown(() -> Library.class.getMethod("work", int.class).invoke(new Library(), 0)));
  }

  @Test
  void what_only_debuggers_and_compilers_read_is_gone() throws IOException {
    assertThat(extras(bytes())).contains("word", "done", "Unseen");
    assertThat(extras(Stripped.of(bytes()))).isEmpty();
    assertThat(Stripped.of(bytes())).hasSizeLessThan(bytes().length);
  }

  private interface Call {
    Object call() throws Exception;
  }

  private static StackTraceElement thrown(Call call) {
    try {
      throw new AssertionError(call.call());
    } catch (Exception e) {
      StackTraceElement top = e.getCause().getStackTrace()[0];
      return new StackTraceElement(
          top.getClassName(), top.getMethodName(), top.getFileName(), top.getLineNumber());
    }
  }

  /** Names of local variables and of annotations that reflection does not see. */
  private static List<String> extras(byte[] classFile) {
    List<String> seen = new ArrayList<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public AnnotationVisitor visitAnnotation(String type, boolean visible) {
                if (!visible) {
                  seen.add(type.replaceAll(".*\\$|;", ""));
                }
                return null;
              }

              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String of, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitLocalVariable(
                      String variable, String type, String of, Label from, Label to, int index) {
                    seen.add(variable);
                  }

                  @Override
                  public AnnotationVisitor visitParameterAnnotation(
                      int parameter, String type, boolean visible) {
                    if (!visible) {
                      seen.add(type.replaceAll(".*\\$|;", ""));
                    }
                    return null;
                  }
                };
              }
            },
            0);
    return seen;
  }

  private static byte[] bytes() throws IOException {
    return Library.class.getResourceAsStream("StrippedTest$Library.class").readAllBytes();
  }

  private static Class<?> defined(byte[] classFile) {
    return new ClassLoader(StrippedTest.class.getClassLoader()) {
      Class<?> define() {
        return defineClass(null, classFile, 0, classFile.length);
      }
    }.define();
  }
}
