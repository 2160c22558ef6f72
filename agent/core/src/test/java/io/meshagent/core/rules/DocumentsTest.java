package io.meshagent.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.timeout.TimeoutPolicy;
import io.meshagent.core.registry.Registry.WrittenDocument;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DocumentsTest {

  private static final String JUNK = "client.timeout=soon\nclient.timeou=1s\napp.name=other";

  private static final String METHOD = "ListWhatIsInAWarehouseOfAShopAndWhatIsOnItsWayThereSoon";
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Settings start = TestSettings.loadText("start.properties", "client.timeout=1s");
  private final CurrentSettings current = new CurrentSettings(start);
  private final List<String> reports = new ArrayList<>();
  private final Documents documents =
      new Documents(current, new Member("me", "shop", "2.0", 42), reports::add, Runnable::run);
  private final Map<String, WrittenDocument> all = new TreeMap<>();

  private void write(String name, long revision, String text) {
    all.put(name, new WrittenDocument(revision, text));
    documents.documents(all, false);
  }

  private void delete(String name) {
    all.remove(name);
    documents.documents(all, false);
  }

  private String timeout() {
    return current.now().select(TimeoutPolicy.CLIENT_TIMEOUT, "a.B/C").value().toString();
  }

  private JsonObject reported(String document) {
    JsonObject report = JsonParser.parseString(reports.get(reports.size() - 1)).getAsJsonObject();
    assertThat(report.get("id").getAsString()).isEqualTo("me");
    for (var each : report.getAsJsonArray("documents")) {
      if (each.getAsJsonObject().get("document").getAsString().equals(document)) {
        return each.getAsJsonObject();
      }
    }
    return null;
  }

  @Test
  void a_document_counts_until_it_goes() {
    write("a", 5, "client.timeout=2s");
    assertThat(timeout()).isEqualTo("PT2S");
    write("a", 6, "client.timeout@a.B=3s");
    assertThat(timeout()).isEqualTo("PT3S");
    delete("a");
    assertThat(timeout()).isEqualTo("PT1S");
    assertThat(reports).hasSize(3);
  }

  @Test
  void of_two_the_one_with_the_later_name_wins() {
    write("b", 5, "client.timeout=2s");
    write("a", 6, "client.timeout=3s");
    assertThat(timeout()).isEqualTo("PT2S");
  }

  @Test
  void one_with_mistakes_changes_nothing_and_all_of_them_are_reported() {
    write("a", 5, "client.timeout=2s");
    write("a", 6, "client.breaker.probes=3\n" + JUNK);

    assertThat(timeout()).isEqualTo("PT2S");
    assertThat(current.now().sources())
        .noneMatch(setting -> setting.source().contains("revision 6"));
    JsonObject report = reported("a");
    assertThat(report.get("state").getAsString()).isEqualTo("refused");
    assertThat(report.get("revision").getAsLong()).isEqualTo(6);
    assertThat(report.get("in force").getAsLong()).isEqualTo(5);
    assertThat(report.getAsJsonArray("problems")).hasSize(3);

    write("a", 7, "client.timeout=4s");
    assertThat(timeout()).isEqualTo("PT4S");
    assertThat(reported("a").getAsJsonArray("problems")).isEmpty();
  }

  @Test
  void one_that_is_not_for_this_program_changes_nothing_and_is_no_mistake() {
    write("a", 5, "apply-to.app=cart\nclient.timeout=2s");
    assertThat(timeout()).isEqualTo("PT1S");
    assertThat(reported("a").get("state").getAsString()).isEqualTo("read");
    assertThat(reported("a").get("in force").isJsonNull()).isTrue();

    write("a", 6, "apply-to.app=cart,shop\nclient.timeout=2s");
    assertThat(timeout()).isEqualTo("PT2S");
    write("a", 7, "apply-to.percent=0\nclient.timeout=2s");
    assertThat(timeout()).isEqualTo("PT1S");
  }

  @Test
  void what_is_too_long_and_what_is_junk_is_refused_at_once() {
    write("a", 5, null);
    assertThat(reported("a").getAsJsonArray("problems").get(0).getAsString())
        .isEqualTo("document a (revision 5): it is longer than 64 KiB, the most that is read.");

    long began = System.nanoTime();
    write("b", 6, "\u0000\u001b[31m junk=\n".repeat(5_000));
    assertThat(System.nanoTime() - began).isLessThan(2_000_000_000L);
    assertThat(reported("b").getAsJsonArray("problems")).hasSize(20);
    assertThat(reports.get(reports.size() - 1)).doesNotContain("\u001b");
    assertThat(timeout()).isEqualTo("PT1S");
  }

  @Test
  void what_one_list_lacks_stays_until_the_next_one_lacks_it_too() {
    write("a", 5, "client.timeout=2s");
    documents.documents(Map.of(), true);
    assertThat(timeout()).isEqualTo("PT2S");
    documents.documents(all, true);
    documents.documents(Map.of(), true);
    assertThat(timeout()).as("it was there in between").isEqualTo("PT2S");
    documents.documents(Map.of(), true);
    assertThat(timeout()).isEqualTo("PT1S");
  }

  @Test
  void who_knows_no_document_reports_nothing() {
    documents.documents(Map.of(), true);
    assertThat(reports).isEmpty();
  }

  @Test
  void the_file_may_change_beneath_the_documents() {
    write("a", 5, "client.timeout@x.Y=2s");
    documents.reread(TestSettings.loadText("start.properties", "client.timeout=5s"));
    assertThat(timeout()).isEqualTo("PT5S");
    assertThat(current.now().select(TimeoutPolicy.CLIENT_TIMEOUT, "x.Y/Z").value()).hasSeconds(2);

    documents.reread(TestSettings.loadText("start.properties", "client.timeout=6s\n" + JUNK));
    assertThat(timeout()).as("one mistake is enough").isEqualTo("PT5S");

    documents.reread(TestSettings.loadText("start.properties", "client.timeout=7s\napp.zone=x"));
    assertThat(timeout()).isEqualTo("PT7S");
    assertThat(current.now().problems())
        .singleElement()
        .asString()
        .contains("app.zone has changed, which counts from the next start");
  }

  @Test
  void many_large_ones_are_read_once_each_and_nobody_waits_for_them() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    Documents read =
        new Documents(current, new Member("me", "shop", "2.0", 42), reports::add, tasks::add);
    List<Settings> inForce = new ArrayList<>();
    current.watch(inForce::add);
    long began = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < 200; i++) {
      all.put("d" + (1_000 + i), new WrittenDocument(5 + i, large(i)));
      read.documents(Map.copyOf(all), i == 0);
      assertThat(read.facts()).as("nothing was read on this thread").hasSizeLessThanOrEqualTo(i);
      if (i % 20 == 19) {
        tasks.forEach(Runnable::run);
        tasks.clear();
      }
    }
    // Reading all of them again for each takes minutes.
    assertThat(THREADS.getCurrentThreadCpuTime() - began).isLessThan(10_000_000_000L);
    assertThat(inForce).as("those that came together at once").hasSize(10);
    assertThat(reports).hasSize(10);
    assertThat(read.facts()).hasSize(200).allMatch(row -> row.get("in force") != null);
    assertThat(current.now().select(TimeoutPolicy.CLIENT_TIMEOUT, "a.B7/" + METHOD + 1_000).value())
        .hasSeconds(8);
  }

  private static String large(int number) {
    StringBuilder text = new StringBuilder();
    for (int i = 1_000; text.length() < 60_000; i++) {
      text.append("client.timeout@a.B").append(number).append("/").append(METHOD).append(i);
      text.append(" = ").append(number + 1).append("s\n");
    }
    return text.toString();
  }

  @Test
  void who_uses_none_needs_no_thread_for_them() {
    Documents read =
        new Documents(
            current,
            new Member("me", "shop", "2.0", 42),
            reports::add,
            task -> {
              throw new AssertionError("a task");
            });
    read.documents(Map.of(), true);
    read.documents(Map.of(), false);
    assertThat(read.facts()).isEmpty();
  }

  @Test
  void shares_are_spread_over_programs_and_differ_by_document() {
    int first = 0;
    int both = 0;
    for (int i = 0; i < 10_000; i++) {
      Member member = new Member("m", "shop", "", i * 31L);
      boolean one = isIn(member, "one");
      first += one ? 1 : 0;
      both += one && isIn(member, "two") ? 1 : 0;
    }
    assertThat(first).isBetween(2_300, 2_700);
    assertThat(both).isBetween(500, 750);
  }

  private static boolean isIn(Member member, String document) {
    return member.isIn(
        io.meshagent.core.config.Audience.of(document, "apply-to.percent=25"), document);
  }
}
