package io.meshagent.jar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The walls between the packages of core and of the adapters: each imports what its package-info
 * says and nothing else, and no arrow comes back to where it began. {@code core.policy.*} says that
 * each package below is imported: a policy that stands in no list is found so.
 */
class PackagesIT {

  private static final String ROOT = "io/meshagent/";
  private static final Pattern IMPORT =
      Pattern.compile("\\{@code ((?:core|grpc)\\.[a-z.]+[a-z*])}");

  /** Package to packages, by names below {@code io.meshagent}: {@code core.call}. */
  private static final Map<String, Set<String>> USED = new TreeMap<>();

  /** How many types each has, nested ones and package-infos aside. */
  private static final Map<String, Integer> TYPES = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    try (AgentJar jar = new AgentJar()) {
      jar.useCompiled("core");
      jar.useCompiled("grpc");
      for (String layer : new String[] {"inst/core/", "inst/grpc/"}) {
        for (String name : jar.entries(layer + ROOT)) {
          if (name.endsWith(".class")) {
            read(jar, name, packageOf(name.substring(layer.length())));
          }
        }
      }
    }
  }

  private static void read(AgentJar jar, String name, String of) throws IOException {
    boolean counts = !name.contains("$") && !name.endsWith("package-info.class");
    TYPES.merge(of, counts ? 1 : 0, Integer::sum);
    Set<String> used = USED.computeIfAbsent(of, unused -> new TreeSet<>());
    for (String type : jar.typesOf(name)) {
      if (type.startsWith(ROOT + "core/") || type.startsWith(ROOT + "grpc/")) {
        used.add(packageOf(type));
      }
    }
    used.remove(of);
  }

  private static String packageOf(String type) {
    return type.substring(ROOT.length(), type.lastIndexOf('/')).replace('/', '.');
  }

  @Test
  void a_package_imports_what_its_package_info_says() throws IOException {
    for (String name : USED.keySet()) {
      String module = name.substring(0, name.indexOf('.'));
      Path info =
          Path.of("..", "agent", module, "src/main/java", ROOT, name.replace('.', '/'))
              .resolve("package-info.java");
      assertThat(USED.get(name)).as("imports of %s", name).isEqualTo(named(info));
    }
  }

  private static Set<String> named(Path info) throws IOException {
    String text = Files.readString(info).replaceAll("\\s*\\n \\*\\s*", " ");
    assertThat(text).as(info.toString()).contains("<p>Imports: ");
    Set<String> named = new TreeSet<>();
    Matcher each = IMPORT.matcher(text.substring(text.indexOf("<p>Imports: ")));
    while (each.find()) {
      String name = each.group(1);
      if (name.endsWith(".*")) {
        // Each of those below, and so none that nobody needs.
        String below = name.substring(0, name.length() - 1);
        USED.keySet().stream().filter(used -> used.startsWith(below)).forEach(named::add);
      } else {
        named.add(name);
      }
    }
    return named;
  }

  @Test
  void no_arrow_comes_back() {
    Map<String, Set<String>> left = new TreeMap<>(USED);
    // Takes away whatever imports nothing that is left, until nothing is, or only circles are.
    boolean found = true;
    while (found) {
      found = left.keySet().removeIf(name -> USED.get(name).stream().noneMatch(left::containsKey));
    }
    assertThat(left.keySet()).as("packages in a circle, and what stands on it").isEmpty();
  }

  @Test
  void no_package_of_the_registry_has_more_than_a_dozen_types() {
    TYPES.forEach(
        (name, types) -> {
          if (name.startsWith("core.registry")) {
            assertThat(types).as(name).isLessThanOrEqualTo(12);
          }
        });
  }
}
