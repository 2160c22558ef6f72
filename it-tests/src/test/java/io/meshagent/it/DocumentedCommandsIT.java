package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.DocPage;
import io.meshagent.it.harness.DocPage.Block;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.Terminal;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What pages tell people to type does what the pages show. A block of {@code sh} is typed into one
 * shell, in an empty folder with the jars; the block of {@code text} behind it is what is to be
 * seen; {@code properties} are checked by the agent's command. Above a block may stand, as an HTML
 * comment: {@code again} (it is typed until the text is seen), {@code numbers vary}, {@code not
 * run: why}, {@code run by SomeIT}. The ports of pages are defaults; here they are others.
 */
@Thorough
class DocumentedCommandsIT {

  /** Programs start and leave in it, on a busy machine. */
  private static final Duration PATIENCE = Jvm.PATIENCE.multipliedBy(3);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final Pattern FILE_NAME = Pattern.compile("# (?:\\S*/)?([\\w.-]+)\n");

  /** Blocks that are no commands. */
  private static final Set<String> PICTURES = Set.of("mermaid");

  private final Path folder = Places.newDirectory("reader");
  private final Map<String, String> ports = new LinkedHashMap<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "agent/docs/getting-started.md",
        "agent/docs/hosts.md",
        "agent/docs/security.md"
      })
  void what_a_page_tells_people_to_type_does_what_it_shows(String name) throws IOException {
    DocPage page = new DocPage(name);
    assertThat(page.indented()).as("blocks without a word that says what they are").isEmpty();
    copy(Places.agentJar(), "mesh-agent.jar");
    copy(Places.greeterServerJar(), "greeter-server.jar");
    copy(Places.greeterClientJar(), "greeter-client.jar");
    for (String port : List.of("2379", "26464", "26501", "26502", "26503", "50051", "50052")) {
      ports.put(port, Integer.toString(Ports.free()));
    }
    try (Terminal terminal = new Terminal(folder, environment())) {
      read(name, page.blocks(), terminal);
    }
  }

  private void copy(Path jar, String as) throws IOException {
    Files.copy(jar, folder.resolve(as));
  }

  private Map<String, String> environment() {
    String client = "http://127.0.0.1:" + ports.get("2379");
    String peer = "http://127.0.0.1:" + Ports.free();
    return Map.ofEntries(
        // As all of the tests' own: it need not outlive the machine.
        Map.entry("ETCD_UNSAFE_NO_FSYNC", "true"),
        Map.entry("ETCD_LISTEN_CLIENT_URLS", client),
        Map.entry("ETCD_ADVERTISE_CLIENT_URLS", client),
        Map.entry("ETCD_LISTEN_PEER_URLS", peer),
        Map.entry("ETCD_INITIAL_ADVERTISE_PEER_URLS", peer),
        Map.entry("ETCD_INITIAL_CLUSTER", "default=" + peer),
        Map.entry("ETCDCTL_ENDPOINTS", "127.0.0.1:" + ports.get("2379")),
        Map.entry("MESH_ADMIN_PORT", ports.get("26464")),
        Map.entry("MESH_DISCOVER_SNAPSHOT_DIR", folder.resolve("snapshot").toString()),
        Map.entry("MESH_REGISTER_HOST", "127.0.0.1"));
  }

  private void read(String page, List<Block> blocks, Terminal terminal) throws IOException {
    List<String> unknown = new ArrayList<>();
    int done = 0;
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      Block next = i + 1 < blocks.size() ? blocks.get(i + 1) : null;
      if (isLeftOut(page, block) || PICTURES.contains(block.info())) {
        continue;
      }
      if (block.info().equals("sh")) {
        run(terminal, block, next != null && next.info().equals("text") ? next.text() : null);
        done++;
      } else if (block.info().equals("properties")) {
        check(terminal, block);
        done++;
      } else if (!block.info().equals("text") || i == 0 || !blocks.get(i - 1).info().equals("sh")) {
        unknown.add(page + ":" + block.line() + " " + block.info());
      }
    }
    assertThat(unknown).as("blocks that are neither run nor marked").isEmpty();
    assertThat(done).as("blocks that were run").isPositive();
  }

  /** Marked as not run, with a reason, or as run by another test, which then names the page. */
  private static boolean isLeftOut(String page, Block block) throws IOException {
    String test = block.mark("run by ");
    if (test != null) {
      Path source =
          Places.root().resolve("it-tests/src/test/java/io/meshagent/it/" + test + ".java");
      assertThat(Files.readString(source)).as(test + " runs " + page).contains(page);
      return true;
    }
    String reason = block.mark("not run");
    if (reason != null) {
      assertThat(reason).as("why line " + block.line() + " is not run").isNotEmpty();
    }
    return reason != null;
  }

  private void check(Terminal terminal, Block block) throws IOException {
    Matcher named = FILE_NAME.matcher(block.text());
    String file = named.lookingAt() ? named.group(1) : "mesh-agent.properties";
    Files.writeString(folder.resolve(file), block.text() + "\n");
    Terminal.Answer answer =
        terminal.type("java -jar mesh-agent.jar check --offline " + file, PATIENCE);
    assertThat(answer.text()).as("line " + block.line()).contains("no problem");
    assertThat(answer.status()).isZero();
  }

  private void run(Terminal terminal, Block block, String shown) {
    String commands = here(block.text());
    boolean vary = block.isMarked("numbers vary");
    Pattern expected = shown == null ? null : pattern(here(shown), vary);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Terminal.Answer answer = terminal.type(commands, PATIENCE);
      boolean fits =
          answer.status() == 0
              && (expected == null
                  || expected.matcher(comparable(answer.text().strip(), vary)).matches());
      if (fits) {
        return;
      }
      if (block.mark("again") == null || System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            String.format(
                "line %d: %s%nended with %d and said%n%s%ninstead of%n%s",
                block.line(), commands, answer.status(), answer.text(), shown));
      }
      // The pace of a person who types it again.
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** With the ports of this run, and with the programs that stand for the reader's own. */
  private String here(String text) {
    String replaced =
        text.replace("-jar app.jar", "-jar greeter-server.jar 50051 app")
            .replace("greeter-client.jar", "greeter-client.jar --target localhost:50051");
    for (Map.Entry<String, String> port : ports.entrySet()) {
      replaced = replaced.replaceAll("\\b" + port.getKey() + "\\b", port.getValue());
    }
    return replaced;
  }

  /** Times, addresses, ids and versions are the same in all. */
  private static String comparable(String text, boolean numbersVary) {
    String alike =
        text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
            .replaceAll("\\b\\d{1,3}(\\.\\d{1,3}){3}\\b", "ADDRESS")
            .replaceAll("\\b\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\b", "VERSION")
            .replaceAll("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b", "ID");
    return numbersVary ? alike.replaceAll("\\d+", "N") : alike;
  }

  /** {@code …} is anything within a line, and any lines where it stands alone. */
  private static Pattern pattern(String shown, boolean numbersVary) {
    StringBuilder pattern = new StringBuilder();
    for (String line : comparable(shown.strip(), numbersVary).split("\n", -1)) {
      String begin = pattern.isEmpty() ? "" : "\n";
      if (line.strip().equals("…")) {
        pattern.append("(").append(begin).append("[^\n]*)*");
      } else {
        pattern.append(begin);
        for (String piece : line.split("(?<=…)|(?=…)", -1)) {
          pattern.append(piece.equals("…") ? "[^\n]*" : Pattern.quote(piece));
        }
      }
    }
    return Pattern.compile(pattern.toString());
  }
}
