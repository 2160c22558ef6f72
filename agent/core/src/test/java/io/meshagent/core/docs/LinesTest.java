package io.meshagent.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every line that the agent writes, and every status by which it refuses a call, is found in {@code
 * troubleshooting.md}, and every line of that page is one that the code has. Lines about a value of
 * a setting are checked one way only: the page shows the common ones.
 */
class LinesTest {

  /** Shorter texts are parts of a sentence that say nothing by themselves. */
  private static final Pattern TELLING = Pattern.compile("\\S+(\\s+\\S+){2,}");

  /** A description of a status, in a code span. */
  private static final Pattern STATUS =
      Pattern.compile("`[^`\n]*?(?:mesh-agent: |(?=fault injected by ))([^`\n]+)`");

  /** What differs in it: words in capitals, numbers, methods and settings, who calls. */
  private static final Pattern VARIABLE =
      Pattern.compile("…|\\b[A-Z_]{4,}\\b|\\b\\d[\\w/.%]*|\\bhelloworld\\S*|\\b(batch|abort)\\b");

  /** What stands before a line. */
  private static final String GRAVITY = "^(\\[mesh-agent\\] )?(info|warn|error): ";

  /**
   * Where the sentences stand that are said elsewhere: a place that says something without a text
   * of its own says one of theirs. All of their texts are looked for.
   */
  private static final Set<String> MAKERS =
      Set.of(
          "AdaptersByLoader",
          "AdvertisedAddress",
          "CommandLineSecret",
          "EjectionNews",
          "EtcdDocuments",
          "EtcdTrouble",
          "FollowedDocument",
          "LogFiles",
          "OtlpSender",
          "PlaintextPassword",
          "RegistrationTrouble",
          "RouteTrouble",
          "Statuses");

  /** Who hands on what a maker, a setting's problem or an adapter says. */
  private static final Set<String> MESSENGERS =
      Set.of(
          "AccessLog",
          "AdaptersByLoader",
          "AgentStart",
          "Documents",
          "Engine",
          "EtcdDocuments",
          "EtcdFromSettings",
          "EtcdRegistry",
          "EtcdTrouble",
          "HostedLook",
          "Log",
          "MeshAgent",
          "RegistrationTrouble",
          "Registrar");

  /** What people never see: names of places in the code, and of an option of a call. */
  private static final Set<String> INTERNAL =
      Set.of(
          "an answer of UNIMPLEMENTED", "ended without a status", "mesh-agent: inherited deadline");

  private static final String PAGE =
      collapsed(Pages.text(Pages.DOCS.resolve("troubleshooting.md")));

  private static final List<Literals.Source> SOURCES = Literals.sources();

  private static String collapsed(String text) {
    return text.replace("\\|", "|").replaceAll("\\s+", " ");
  }

  private static Stream<String> telling(List<String> literals) {
    return literals.stream()
        .map(literal -> collapsed(literal).trim().replaceFirst(GRAVITY, ""))
        .filter(literal -> TELLING.matcher(literal).matches());
  }

  private static boolean isOnPage(String literal) {
    return PAGE.contains(literal);
  }

  @Test
  void every_line_is_on_the_page() {
    List<String> missing = new ArrayList<>();
    int places = 0;
    for (Literals.Source source : SOURCES) {
      for (List<String> said : source.said()) {
        places++;
        List<String> telling = telling(said).toList();
        if (telling.isEmpty() && said.stream().noneMatch(LinesTest::isShortLine)) {
          if (!MESSENGERS.contains(source.name())) {
            missing.add(source.name() + " says " + said + ", which is made elsewhere");
          }
        }
        telling.stream()
            .filter(literal -> !isOnPage(literal))
            .forEach(literal -> missing.add(source.name() + ": " + literal));
      }
    }
    assertThat(missing).as("lines that troubleshooting.md lacks").isEmpty();
    assertThat(places).isGreaterThan(90);
  }

  /** Two words that are a line of their own. */
  private static boolean isShortLine(String literal) {
    return literal.trim().length() > 8 && isOnPage(collapsed(literal).trim());
  }

  @Test
  void every_sentence_that_is_made_for_others_is_on_the_page() {
    List<String> missing = new ArrayList<>();
    for (Literals.Source source : SOURCES) {
      if (MAKERS.contains(source.name()) || isRefusing(source)) {
        telling(source.literals())
            .filter(literal -> !isOnPage(literal) && !INTERNAL.contains(literal))
            .forEach(literal -> missing.add(source.name() + ": " + literal));
      }
    }
    assertThat(missing).as("sentences that troubleshooting.md lacks").isEmpty();
    assertThat(SOURCES).extracting(Literals.Source::name).containsAll(MAKERS);
  }

  /** Whether a status is made there, whose description begins with whom it comes from. */
  private static boolean isRefusing(Literals.Source source) {
    return !source.name().endsWith("Command")
        && !source.name().equals("CommandTable")
        && !source.name().equals("CommandLine")
        && !source.name().equals("Patience")
        && source.literals().stream()
            .anyMatch(text -> text.startsWith("mesh-agent: ") || text.contains("(mesh-agent: "));
  }

  @Test
  void every_line_of_the_page_is_one_of_the_codes() {
    String code = allLiterals();
    Set<String> unknown = new TreeSet<>();
    int lines = 0;
    Matcher cell = Pattern.compile("(?m)^\\| (`.*?`.*?) \\| ").matcher(everyLine());
    while (cell.find()) {
      Matcher line = Pattern.compile("`([^`]+)`").matcher(cell.group(1));
      while (line.find()) {
        lines++;
        for (String piece : pieces(line.group(1))) {
          if (!code.contains(piece)) {
            unknown.add(piece);
          }
        }
      }
    }
    assertThat(unknown).as("what no line of the agent says").isEmpty();
    assertThat(lines).isGreaterThan(110);
  }

  @Test
  void every_status_on_a_page_is_one_of_the_codes() {
    String code = allLiterals();
    Set<String> unknown = new TreeSet<>();
    int statuses = 0;
    for (Path page : Pages.forUsers()) {
      Matcher span = STATUS.matcher(Pages.text(page));
      while (span.find()) {
        statuses++;
        for (String piece : VARIABLE.split(span.group(1), -1)) {
          String telling = trimmed(piece);
          if (TELLING.matcher(telling).matches() && !code.contains(telling)) {
            unknown.add(Pages.name(page) + ": " + telling);
          }
        }
      }
    }
    assertThat(unknown).as("what no refusal of the agent says").isEmpty();
    assertThat(statuses).isGreaterThan(15);
  }

  private static String allLiterals() {
    return SOURCES.stream()
        .flatMap(source -> source.literals().stream())
        .map(LinesTest::collapsed)
        .collect(Collectors.joining("\n"));
  }

  private static String everyLine() {
    String page = Pages.text(Pages.DOCS.resolve("troubleshooting.md"));
    return page.substring(page.indexOf("## Every line"));
  }

  /** What stands between the parts that differ, without the word that says how grave it is. */
  private static List<String> pieces(String line) {
    String sentence = line.replaceFirst(GRAVITY, "");
    return Stream.of(sentence.split("…", -1))
        .map(LinesTest::trimmed)
        .filter(piece -> TELLING.matcher(piece).matches())
        .toList();
  }

  /** Without brackets and commas at its ends, which may belong to what differs. */
  private static String trimmed(String piece) {
    return piece.replaceAll("^[^\\p{Alnum}'-]+|[^\\p{Alnum}'.)]+$", "");
  }
}
