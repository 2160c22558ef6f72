package io.meshagent.core.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The agent writes its hooks itself, because Byte Buddy costs too much at start: what it writes
 * does what Byte Buddy's would do, in every published minor version. Both are loaded, verified and
 * run.
 */
class HooksAsAdviceIT {

  static List<String> versions() throws IOException {
    return PublishedGrpc.versions();
  }

  @BeforeAll
  static void fetch() throws IOException {
    PublishedGrpc.fetch(versions());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void do_what_byte_buddys_advice_does(String version) throws Exception {
    Map<String, String> ours = behaviour(version, (loader, name, in) -> ours(name, in));
    Map<String, String> advice = behaviour(version, AdviceWriter::write);
    assertThat(ours).isEqualTo(advice);
    // Not by doing nothing: hooks before the code were asked, and what fits was taken.
    assertThat(ours.values()).filteredOn(seen -> !seen.startsWith("[]")).hasSizeGreaterThan(40);
    String newCall = "io.grpc.internal.ManagedChannelImpl newCall ";
    assertThat(ours.get(newCall + "GIVES_SOMETHING_STRANGE"))
        .contains("ClassCastException in newCall");
    assertThat(ours.get(newCall + "GIVES_WHAT_FITS")).endsWith("returned ours");
    assertThat(ours.get(newCall + "THROWS")).endsWith("of ours");
  }

  private static byte[] ours(String name, byte[] classFile) {
    return new HookedClass(name, classFile).write();
  }

  private static Map<String, String> behaviour(String version, HookedLoader.Writer writer)
      throws Exception {
    Map<String, String> seen = new TreeMap<>();
    try (URLClassLoader program = HookedLoader.of(version, writer)) {
      for (HookTable.Hook hook : HookTable.ALL) {
        if (has(program, hook.type)) {
          // With initialisation, and so with verification.
          Class<?> type = Class.forName(hook.type, true, program);
          new HookProbe(type)
              .ofEach(hook)
              .forEach((what, how) -> seen.put(hook.type + " " + what, how));
        }
      }
    }
    return seen;
  }

  private static boolean has(ClassLoader program, String type) throws IOException {
    try (InputStream in = program.getResourceAsStream(type.replace('.', '/') + ".class")) {
      return in != null;
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void name_nothing_but_the_door_and_the_jdk(String version) throws IOException {
    try (URLClassLoader program = PublishedGrpc.load(version)) {
      for (HookTable.Hook hook : HookTable.ALL) {
        if (has(program, hook.type)) {
          byte[] before = HookedLoader.classFile(program, hook.type);
          Set<String> added = ClassText.types(ours(hook.type, before));
          added.removeAll(ClassText.types(before));
          // What is cast to is named by the method's descriptor.
          added.removeIf(name -> ClassText.text(before).contains("L" + name + ";"));
          added.removeIf(name -> name.startsWith("java/") || name.equals("[Ljava/lang/Object;"));
          assertThat(added).as(hook.type).isSubsetOf("io/meshagent/bootstrap/Door");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void leave_all_other_methods_and_all_that_stands_in_theirs_as_it_was(String version)
      throws IOException {
    try (URLClassLoader program = PublishedGrpc.load(version)) {
      for (HookTable.Hook hook : HookTable.ALL) {
        if (has(program, hook.type)) {
          byte[] before = HookedLoader.classFile(program, hook.type);
          ClassText was = new ClassText(before);
          ClassText is = new ClassText(ours(hook.type, before));
          assertThat(is.members()).as(hook.type).isEqualTo(was.members());
          was.methods()
              .forEach(
                  (method, code) -> {
                    List<String> now = is.methods().get(method);
                    if (is.asksTheDoor(method)) {
                      assertThat(ClassText.without(now, code)).as(method).isEmpty();
                    } else {
                      assertThat(now).as(method).isEqualTo(code);
                    }
                  });
        }
      }
    }
  }
}
