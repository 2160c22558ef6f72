package io.meshagent.core.cli;

import io.meshagent.core.registry.etcd.EtcdUnavailable;
import io.meshagent.core.registry.etcd.StoredDocuments;
import io.meshagent.core.rules.MemberReport;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What the programs say of one document, at one moment. Immutable. */
final class PolicyAnswers {

  /** In place of a revision: the document is there no more. */
  static final long GONE = -1;

  /** The exit status where it is written, and nothing has changed yet. */
  private static final int NOWHERE = 3;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A program that has not reported before may come this much later than the others. */
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long LOOK_MILLIS = 100;

  private final List<MemberReport> inForce = new ArrayList<>();
  private final List<MemberReport> notMeant = new ArrayList<>();
  private final List<MemberReport> refused = new ArrayList<>();

  /** That have not read the revision yet. */
  private final List<MemberReport> silent = new ArrayList<>();

  private PolicyAnswers() {}

  /**
   * Reads what they say.
   *
   * @param reports by the id of each program
   * @param revision of the document that they should have read, or {@link #GONE}
   */
  static PolicyAnswers of(Map<String, String> reports, String document, long revision) {
    PolicyAnswers answers = new PolicyAnswers();
    reports.forEach(
        (id, text) -> {
          MemberReport report = MemberReport.of(id, text, document);
          if (report != null) {
            answers.kind(report, revision).add(report);
          }
        });
    return answers;
  }

  private List<MemberReport> kind(MemberReport report, long revision) {
    if (revision == GONE) {
      return report.revision() == 0 ? inForce : silent;
    }
    if (report.revision() < revision) {
      return silent;
    }
    return report.isRefused() ? refused : report.isInForce() ? inForce : notMeant;
  }

  private int count() {
    return inForce.size() + notMeant.size() + refused.size() + silent.size();
  }

  /** In a few words. */
  String summary() {
    return "in force in "
        + programs(inForce)
        + (notMeant.isEmpty() ? "" : ", not for " + programs(notMeant))
        + (refused.isEmpty() ? "" : ", refused by " + programs(refused))
        + (silent.isEmpty() ? "" : ", not read yet by " + programs(silent));
  }

  /** The same for programs: which are in force where. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("in force in", names(inForce));
    facts.put("not for", names(notMeant));
    facts.put("refused by", names(refused));
    facts.put("not read yet by", names(silent));
    return facts;
  }

  private static List<String> names(List<MemberReport> of) {
    return of.stream().map(MemberReport::program).collect(Collectors.toList());
  }

  private static String programs(List<MemberReport> of) {
    return of.size() == 1 ? "1 program" : of.size() + " programs";
  }

  /**
   * Waits until all programs have read a revision, some seconds at most, and says who has.
   *
   * @return the exit status, see {@link #status}
   */
  static int await(StoredDocuments stored, String document, long revision, PrintStream out) {
    PolicyAnswers answers = new PolicyAnswers();
    try {
      long began = System.nanoTime();
      long calmSince = began;
      while (System.nanoTime() - began < PATIENCE_NANOS) {
        int known = answers.count();
        answers = of(stored.reports(), document, revision);
        long now = System.nanoTime();
        calmSince = answers.count() == known ? calmSince : now;
        boolean all = answers.count() > 0 && answers.silent.isEmpty();
        if (all && now - calmSince >= CALM_NANOS) {
          break;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (EtcdUnavailable e) {
      out.println("What programs say of it can't be read: " + e.getMessage() + ".");
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    answers.tell(revision == GONE, out);
    return answers.status();
  }

  /** The exit status: 1 if any has refused it, 3 if there are programs and none runs it, else 0. */
  int status() {
    if (!refused.isEmpty()) {
      return 1;
    }
    return count() > 0 && inForce.isEmpty() ? NOWHERE : 0;
  }

  /** For people. */
  void tell(boolean gone, PrintStream out) {
    if (count() == 0) {
      out.println("No program has said anything of it: none that follows documents is there.");
      return;
    }
    if (gone) {
      tell("no longer runs it", "no longer run it", inForce, out);
    } else {
      tell("runs it", "run it", inForce, out);
    }
    tell(
        "has read it and is not meant by it",
        "have read it and are not meant by it",
        notMeant,
        out);
    tell("has not read it within 10 s", "have not read it within 10 s", silent, out);
    tell(
        "refused it, and goes on with what it had",
        "refused it, and go on with what they had",
        refused,
        out);
    refused.stream()
        .flatMap(report -> report.problems().stream())
        .distinct()
        .forEach(problem -> out.println("    " + problem));
  }

  private static void tell(String one, String many, List<MemberReport> who, PrintStream out) {
    if (!who.isEmpty()) {
      out.println(programs(who) + ": " + (who.size() == 1 ? one : many) + ":");
      who.forEach(report -> out.println("  " + report.program()));
    }
  }
}
